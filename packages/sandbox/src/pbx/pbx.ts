import type { Instant } from '@latchkey/core'
import type { Surroundings } from '../shared/emulator.ts'
import type { Certificate } from './certificate.ts'
import type { CertificateType } from './certificate-file.ts'
import { pbxAnswer, PbxError } from './errors.ts'
import type { PbxKnobs } from './knobs.ts'
import type { PbxSeed } from './seed.ts'
import type { Tokens } from './tokens.ts'
import type { Uploads } from './uploads.ts'

/** The name of the certificate that the PBX made for itself. */
export const OWN_CERTIFICATE = 'default'

/** One PBX as its handlers see it. */
export interface Pbx {
  readonly seed: PbxSeed
  readonly knobs: { readonly current: Readonly<PbxKnobs> }
  readonly surroundings: Surroundings
  readonly tokens: Tokens
  readonly uploads: Uploads
  /** By id. */
  readonly certificates: Map<number, Certificate>
  readonly state: {
    /** The name of the certificate that the PBX's web server serves. */
    httpsCertificate: string
    failedLogins: number
    lastId: number
  }
}

/** How many certificates of a type the PBX holds at most. */
const QUOTAS: Readonly<Record<CertificateType, number>> = { server: 3, trusted: 20 }

const WRITE_CODES: Readonly<Record<PbxKnobs['writes'], number>> = {
  success: 0,
  'partial-success': 1,
  processing: 2,
}

export function nowOf(pbx: Pbx): Instant {
  return pbx.surroundings.clock.now()
}

/** The answer to a write that was taken. */
export function taken(pbx: Pbx, fields: object = {}): Response {
  return pbxAnswer(WRITE_CODES[pbx.knobs.current.writes], fields)
}

export function findByName(pbx: Pbx, name: string): Certificate | undefined {
  return [...pbx.certificates.values()].find((each) => each.name === name)
}

/** @throws PbxError 60001 */
export function findById(pbx: Pbx, id: number): Certificate {
  const certificate = pbx.certificates.get(id)
  if (certificate === undefined) throw new PbxError(60001)
  return certificate
}

/** @throws PbxError 40003 where another certificate has the name */
export function checkName(pbx: Pbx, name: string, own?: Certificate): void {
  const other = findByName(pbx, name)
  if (other === undefined || other === own) return
  throw new PbxError(40003, { duplicate_field_list: [{ field: 'name', value: name }] })
}

/**
 * Told before anything else is looked at: a create that is sent again finds its own certificate.
 * @throws PbxError 40003, 60002 where the PBX holds as many of the type as it may
 */
export function checkRoom(pbx: Pbx, type: CertificateType, name: string): void {
  checkName(pbx, name)
  const held = [...pbx.certificates.values()].filter((each) => each.type === type)
  if (held.length >= QUOTAS[type]) throw new PbxError(60002)
}

export function addCertificate(pbx: Pbx, draft: Omit<Certificate, 'id'>): Certificate {
  const certificate: Certificate = { ...draft, id: (pbx.state.lastId += 1) }
  pbx.certificates.set(certificate.id, certificate)
  return certificate
}
