import type { CertificateState } from '../../certificate/state.ts'
import { openConnection } from '../../connection/open.ts'
import { randomText } from '../../ids.ts'
import type { CertificatePurpose, DnsAccess } from '../../provider/certificates.ts'
import type { Warning } from '../../public-key.ts'
import type { Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { addCertificate } from './add.ts'
import { checkDns } from './dns.ts'
import { certificateKindOf, requireAllowed } from './kind.ts'
import { type CheckedUpload, checkUpload, type UploadSource } from './preflight.ts'

export interface Upload {
  readonly connectionId: string
  readonly purpose: CertificatePurpose
  readonly name: string | null
  readonly source: UploadSource
  readonly autoRenewal: DnsAccess | null
  readonly activate: boolean
  /** Sends it in spite of errors; recorded. */
  readonly force: boolean
}

export interface Added {
  readonly state: CertificateState
  readonly warnings: readonly Warning[]
}

/**
 * Uploads a certificate that has passed the pre-flight.
 * @throws Fault not_found, unsupported_operation, certificate_invalid with the findings, and as `addCertificate`
 */
export async function uploadCertificate(
  services: Services,
  request: Request<Added>,
  upload: Upload,
): Promise<Added> {
  const connection = await openConnection(services, upload.connectionId)
  const kind = certificateKindOf(connection, upload.purpose)
  requireAllowed(kind.upload !== null, kind, 'upload certificate')
  requireAllowed(kind.canActivate || !upload.activate, kind, 'activate certificate')
  requireAllowed(kind.canRenew || upload.autoRenewal === null, kind, 'renew certificate')
  const dns = checkDns(connection, upload.autoRenewal)
  const checked = await checkUpload(services, connection, {
    kind,
    source: upload.source,
    force: upload.force,
  })
  const warnings = [
    ...dns,
    ...checked.findings.map(({ code, message }) => ({ code, message })),
    ...(kind.afterUpload === null ? [] : [kind.afterUpload]),
  ]
  const name = upload.name ?? (kind.slot === null ? fileName(services, checked) : null)
  const state = await addCertificate(services, withWarnings(request, warnings), connection, {
    kind,
    name,
    issuedTo: null,
    material: { kind: 'upload', pem: checked.pem, autoRenewal: upload.autoRenewal },
    bundle: checked.bundle,
    activate: upload.activate,
    told: checked.overridden.length === 0 ? {} : { forced: true, overridden: checked.overridden },
  })
  return { state, warnings }
}

export interface Application extends DnsAccess {
  readonly connectionId: string
  readonly purpose: CertificatePurpose
  readonly domain: string
  readonly activate: boolean
}

/**
 * Has the upstream obtain a certificate by itself, which takes it a while.
 * @throws Fault not_found, unsupported_operation, invalid_request (what the DNS provider wants is not there), and as
 * `addCertificate`
 */
export async function applyForCertificate(
  services: Services,
  request: Request<Added>,
  { connectionId, purpose, domain, activate, ...access }: Application,
): Promise<Added> {
  const connection = await openConnection(services, connectionId)
  const kind = certificateKindOf(connection, purpose)
  requireAllowed(kind.canApply, kind, 'apply for a certificate')
  requireAllowed(kind.canActivate || !activate, kind, 'activate certificate')
  const warnings = checkDns(connection, access)
  const state = await addCertificate(services, withWarnings(request, warnings), connection, {
    kind,
    name: null,
    issuedTo: domain,
    material: { kind: 'apply', domain, ...access },
    bundle: null,
    activate,
    told: { domain, dnsProvider: access.dnsProvider },
  })
  return { state, warnings }
}

function withWarnings(
  request: Request<Added>,
  warnings: readonly Warning[],
): Request<CertificateState> {
  const { receipt, ...rest } = request
  if (receipt === undefined) return rest
  return {
    ...rest,
    receipt: { ...receipt, render: (state) => receipt.render({ state, warnings }) },
  }
}

const LABEL_CHARACTERS = /[^a-z0-9.-]+/g
const LABEL_MAX = 60

/** A file name that tells whose it is, and that no other has: PBXs know a certificate by it. */
function fileName({ random }: Services, { bundle }: CheckedUpload): string {
  const { subject = 'certificate', subjectAlternativeNames = [] } = bundle?.details ?? {}
  const [given = /CN=([^,]+)/.exec(subject)?.[1] ?? 'certificate'] = subjectAlternativeNames
  const label = given.toLowerCase().replaceAll('*', 'wildcard').replaceAll(LABEL_CHARACTERS, '-')
  const plain = label.replaceAll(/^[.-]+|[.-]+$/g, '').slice(0, LABEL_MAX)
  return `${plain === '' ? 'certificate' : plain}-${randomText(random, 6)}.pem`
}
