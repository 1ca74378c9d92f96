import { DAY, type Instant } from '@latchkey/core'
import type { CertificateType } from './certificate-file.ts'
import type { DnsAccess } from './dns.ts'
import type { ExpirationFormat, PbxKnobs } from './knobs.ts'

/** How long a certificate that was applied for lasts, as those of Let's Encrypt do. */
const ISSUED_LIFETIME = 90 * DAY

/** A certificate that the PBX holds. */
export interface Certificate {
  readonly id: number
  readonly type: CertificateType
  name: string
  issueTo: string
  autoRenewal: boolean
  dns: DnsAccess | null
  content: Imported | Application
}

export interface Imported {
  readonly by: 'upload'
  readonly expiresAt: Instant
  readonly fingerprint: string
}

/** Under way until `readyAt`, then what it was bound to become. */
export interface Application {
  readonly by: 'apply'
  readonly readyAt: Instant
  readonly outcome: PbxKnobs['issuance']
  readonly tipCode: number
}

export type ApplyStatus = 'issuing' | 'issuance_success' | 'issuance_fail'

/** A certificate as the PBX shows it: the DNS provider's secrets with it, in the clear. */
export interface CertificateItem {
  readonly id: number
  readonly name: string
  readonly type: CertificateType
  readonly issue_to: string
  readonly expiration: string
  readonly apply_status: ApplyStatus
  readonly apply_tip_code?: number
  readonly ca_type?: 'upload' | 'apply'
  readonly auto_renewal?: 0 | 1
  readonly dns_provider?: string
  readonly auth_info_list?: DnsAccess['parameters']
}

export function startApplication(now: Instant, knobs: Readonly<PbxKnobs>): Application {
  const { issuanceMs, issuance, applyTipCode } = knobs
  return { by: 'apply', readyAt: now + issuanceMs, outcome: issuance, tipCode: applyTipCode }
}

export function applyStatusOf({ content }: Certificate, now: Instant): ApplyStatus {
  if (content.by === 'upload') return 'issuance_success'
  if (now < content.readyAt) return 'issuing'
  return content.outcome === 'succeeds' ? 'issuance_success' : 'issuance_fail'
}

/** Null where there is no certificate yet. */
export function expiryOf(certificate: Certificate, now: Instant): Instant | null {
  const { content } = certificate
  if (content.by === 'upload') return content.expiresAt
  const issued = applyStatusOf(certificate, now) === 'issuance_success'
  return issued ? content.readyAt + ISSUED_LIFETIME : null
}

export function itemOf(
  certificate: Certificate,
  now: Instant,
  format: ExpirationFormat,
): CertificateItem {
  const { id, name, type, issueTo, content } = certificate
  const status = applyStatusOf(certificate, now)
  const expiresAt = expiryOf(certificate, now)
  const failed = content.by === 'apply' && status === 'issuance_fail'
  return {
    id,
    name,
    type,
    issue_to: issueTo,
    expiration: expiresAt === null ? '' : writeExpiration(expiresAt, format),
    ...(type === 'server' ? serverFields(certificate) : {}),
    apply_status: status,
    ...(failed ? { apply_tip_code: content.tipCode } : {}),
  }
}

function serverFields({ content, autoRenewal, dns }: Certificate) {
  return {
    ca_type: content.by,
    auto_renewal: autoRenewal ? (1 as const) : (0 as const),
    dns_provider: dns?.provider ?? '',
    auth_info_list: dns?.parameters ?? [],
  }
}

function writeExpiration(instant: Instant, format: ExpirationFormat): string {
  const iso = new Date(instant).toISOString()
  const dashes = `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
  switch (format) {
    case 'slashes':
      return dashes.replaceAll('-', '/')
    case 'dashes':
      return dashes
    case 'openssl': {
      const [, day, month, year, time] = new Date(instant).toUTCString().split(/,? /)
      return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`
    }
    case 'rfc3339':
      return iso
    case 'epoch':
      return String(Math.floor(instant / 1_000))
  }
}
