import type { ListedCertificate } from '@latchkey/core'
import { boundedText } from '../shared/vendor-text.ts'
import { parseExpiration } from './expiration.ts'
import type { CertificateItem } from './schema.ts'

/** The PBX's words for what a certificate is there for. */
export const TYPES = { 'trusted-ca': 'trusted', server: 'server' } as const

export type PbxPurpose = keyof typeof TYPES

export function isPbxPurpose(purpose: string): purpose is PbxPurpose {
  return Object.hasOwn(TYPES, purpose)
}

/** A certificate as the PBX lists it; its DNS provider's secrets were never read. */
export function listedOf(item: CertificateItem): ListedCertificate {
  const isServer = item.type === 'server'
  return {
    upstreamId: String(item.id),
    purpose: isServer ? 'server' : 'trusted-ca',
    name: textOrNull(item.name),
    status: statusOf(item.apply_status),
    origin: originOf(item),
    issuedTo: textOrNull(item.issue_to),
    notAfter: parseExpiration(item.expiration),
    pem: null,
    autoRenewal:
      isServer && item.auto_renewal != null
        ? { enabled: item.auto_renewal === 1, dnsProvider: textOrNull(item.dns_provider) }
        : null,
    problem: problemOf(item),
  }
}

/** The page has three; without one, as on trusted certificates of older firmware, it is simply there. */
export function statusOf(status: string | null | undefined): ListedCertificate['status'] {
  if (status === 'issuing') return 'pending'
  return status === 'issuance_fail' ? 'failed' : 'installed'
}

function originOf({ type, ca_type: how }: CertificateItem): ListedCertificate['origin'] {
  if (type === 'trusted' || how === 'upload') return 'upload'
  return how === 'apply' ? 'apply' : null
}

function problemOf({ apply_status: status, apply_tip_code: code }: CertificateItem): string | null {
  if (status !== 'issuance_fail') return null
  const told = code == null ? 'without saying why' : `code ${code} of the DNS provider`
  return `The PBX could not obtain or renew it: ${told}`
}

function textOrNull(text: string | null | undefined): string | null {
  return boundedText(text, [])
}
