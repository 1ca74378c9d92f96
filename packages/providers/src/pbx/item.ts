import type { ListedCertificate } from '@latchkey/core'
import { parseExpiration } from './expiration.ts'
import type { CertificateItem } from './schema.ts'

/** The PBX's words for what a certificate is there for. */
export const TYPES = { 'trusted-ca': 'trusted', server: 'server' } as const

export type PbxPurpose = keyof typeof TYPES

export function isPbxPurpose(purpose: string): purpose is PbxPurpose {
  return Object.hasOwn(TYPES, purpose)
}

/** The certificates of the two types that the page has; another one is none that could be told of. */
export function listedOf(items: readonly CertificateItem[]): readonly ListedCertificate[] {
  return items.flatMap((item) => {
    if (item.type === 'server') return [listedAs('server', item)]
    return item.type === 'trusted' ? [listedAs('trusted-ca', item)] : []
  })
}

function listedAs(purpose: PbxPurpose, item: CertificateItem): ListedCertificate {
  return {
    upstreamId: String(item.id),
    purpose,
    name: item.name ?? null,
    status: statusOf(item.apply_status),
    origin: originOf(item),
    issuedTo: item.issue_to ?? null,
    notAfter: parseExpiration(item.expiration),
    pem: null,
    autoRenewal:
      purpose === 'server' && item.auto_renewal != null
        ? { enabled: item.auto_renewal === 1, dnsProvider: item.dns_provider ?? null }
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
  const told = code == null ? 'it does not say why' : `apply_tip_code ${code}, of the DNS provider`
  return `The PBX could not obtain or renew it: ${told}`
}
