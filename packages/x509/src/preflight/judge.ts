import { DAY, type Instant, toTimestamp } from '@latchkey/core'
import type { FindingCode, Remark } from '../findings.ts'
import { parseAddress } from '../names/ip.ts'
import { CHECKS } from '../path/checks/all.ts'
import { checkIdentity } from '../path/checks/identity.ts'
import { judgePlace } from '../path/place.ts'
import type { Certificate } from '../read/certificate.ts'
import type { Role } from '../rules.ts'
import { note, type Note } from './findings.ts'

/** What software at large refuses; every other rule of RFC 5280 only might matter. With what to do about it. */
const FATAL: ReadonlyMap<FindingCode, string> = new Map([
  ['extension_malformed', 'have it issued anew'],
  ['extension_duplicate', 'have it issued anew'],
  ['extension_unknown_critical', 'have it issued without'],
  ['expired', 'renew it and send the new one'],
  ['not_yet_valid', 'wait until then, or check the clock of whoever issued it'],
  ['key_malformed', 'have it issued anew'],
  ['key_too_weak', 'have it issued for a stronger key'],
  // Also what damage makes of a sound key; and what it signed cannot be checked.
  ['key_unsupported', 'have it issued for RSA, or for ECDSA with P-256, P-384 or P-521'],
  ['signature_algorithm_mismatch', 'have it issued anew'],
  ['signature_algorithm_weak', 'have it issued with SHA-256 or better'],
  ['not_a_ca', 'send the certificate of the authority that issued it'],
  ['key_usage_wrong', 'have it issued for this use'],
  ['extended_key_usage_wrong', 'have it issued for this use'],
  ['path_length_exceeded', 'have the leaf issued by an authority further up'],
  ['name_not_permitted', 'have the leaf issued by an authority that may issue this name'],
  ['name_excluded', 'have the leaf issued by an authority that may issue this name'],
  ['hostname_mismatch', 'send the certificate of that host'],
  ['ip_mismatch', 'send the certificate of that address'],
  ['reference_malformed', 'send a host name or an address'],
])

/** A remark of path validation with what it means to a bundle. */
export function noteOf({ code, message }: Remark, about?: Certificate): Note {
  const advice = FATAL.get(code)
  return advice === undefined
    ? note('warning', code, message, about)
    : note('error', code, `${message}; ${advice}`, about)
}

export interface Judging {
  readonly at: Instant
  readonly marginDays: number
  readonly isServer: boolean
}

/** What is wrong with one certificate in its role. */
export function judgeCertificate(
  certificate: Certificate,
  role: Role,
  { at, marginDays, isServer }: Judging,
): readonly Note[] {
  const rules = { profile: 'rfc5280', purpose: isServer ? 'serverAuth' : 'any', at } as const
  const { remarks } = judgePlace(certificate, role, rules, CHECKS)
  const notes = remarks.map((remark) => noteOf(remark, certificate))
  const end = certificate.notAfter.instant
  if (end >= at && end - at < marginDays * DAY) {
    const message = `Expires at ${toTimestamp(end)}, in less than ${marginDays} days; renew it soon`
    notes.push(note('warning', 'expires_soon', message, certificate))
  }
  return notes
}

/** Whether the leaf's names cover the host, which may be an address. */
export function judgeHost(leaf: Certificate, host: string): readonly Note[] {
  const reference = parseAddress(host) === null ? { hostname: host } : { ip: host }
  return [...checkIdentity(leaf, reference)].map((remark) => noteOf(remark, leaf))
}
