import type { X509Certificate } from 'node:crypto'
import type { Instant } from '@latchkey/core'
import {
  fingerprintOf,
  isCertificate,
  isPrivateKey,
  openCertificate,
  openPrivateKey,
  pemBlocks,
} from '../shared/pem.ts'

export const CERTIFICATE_TYPES = ['trusted', 'server'] as const

export type CertificateType = (typeof CERTIFICATE_TYPES)[number]

/** What the PBX reads out of a file. */
export interface CertificateFile {
  readonly issueTo: string
  readonly expiresAt: Instant
  readonly fingerprint: string
}

/** Reads the first certificate of a PEM or DER file; null where it cannot serve as the type says. */
export function readCertificateFile(
  bytes: Uint8Array,
  type: CertificateType,
  needsKey: boolean,
): CertificateFile | null {
  const blocks = pemBlocks(new TextDecoder().decode(bytes))
  const certificate = openCertificate(blocks.find(isCertificate)?.text ?? bytes)
  if (certificate === null) return null
  const key = blocks.find(isPrivateKey)
  if (type === 'server' && (key === undefined ? needsKey : !isKeyOf(certificate, key.text)))
    return null
  return {
    issueTo: domainOf(certificate),
    expiresAt: Date.parse(certificate.validTo),
    fingerprint: fingerprintOf(certificate),
  }
}

function isKeyOf(certificate: X509Certificate, pem: string): boolean {
  const key = openPrivateKey(pem)
  return key !== null && certificate.checkPrivateKey(key)
}

/** The first DNS name, or the common name of a certificate that has none. */
function domainOf({ subjectAltName, subject }: X509Certificate): string {
  return /\bDNS:([^,]+)/.exec(subjectAltName ?? '')?.[1] ?? /^CN=(.*)$/m.exec(subject)?.[1] ?? ''
}
