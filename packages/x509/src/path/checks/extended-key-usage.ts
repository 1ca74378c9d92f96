import { error, type Remark } from '../../findings.ts'
import { ANY_EXTENDED_KEY_USAGE, EXTENSION } from '../../read/oid.ts'
import type { KeyUsage } from '../../read/extensions/usage.ts'
import type { Purpose } from '../../rules.ts'
import type { Place } from '../place.ts'

/** RFC 5280 §4.2.1.12. */
const PURPOSES: Readonly<Record<Exclude<Purpose, 'any'>, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
}

/** CABF BR §7.1.2.7.10: code signing, e-mail, time stamping, OCSP, and Google's precertificates. */
const NOT_FOR_SERVERS: ReadonlySet<string> = new Set([
  '1.3.6.1.5.5.7.3.3',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.11129.2.4.4',
])

/** RFC 5280 §4.2.1.12: what keyUsage has to have one of. */
const KEY_USAGES: Readonly<Record<Exclude<Purpose, 'any'>, readonly KeyUsage[]>> = {
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  clientAuth: ['digitalSignature', 'keyAgreement'],
}

export function* checkExtendedKeyUsage(place: Place): Iterable<Remark> {
  const { role, rules, certificate } = place
  const { extendedKeyUsage } = certificate.extensions
  const { purpose, profile } = rules
  if (profile === 'webpki') yield* checkProfile(place)
  if (purpose === 'any') return
  if (extendedKeyUsage !== undefined && !allows(place, PURPOSES[purpose])) {
    // On authorities the usages limit those of all below them, as every implementation takes it.
    const whose = role === 'leaf' ? 'The certificate' : 'An authority of the path'
    yield error('extended_key_usage_wrong', `${whose} is not for ${purpose}`)
  }
  const { keyUsage } = certificate.extensions
  if (role !== 'leaf' || keyUsage === undefined) return
  if (!KEY_USAGES[purpose].some((usage) => keyUsage.has(usage))) {
    yield error('key_usage_wrong', `keyUsage does not allow what ${purpose} needs`)
  }
}

function allows({ certificate, role, rules }: Place, wanted: string): boolean {
  const { extendedKeyUsage = [] } = certificate.extensions
  if (extendedKeyUsage.includes(wanted)) return true
  const anyCounts = rules.profile === 'rfc5280' || role !== 'leaf'
  return anyCounts && extendedKeyUsage.includes(ANY_EXTENDED_KEY_USAGE)
}

function* checkProfile(place: Place): Iterable<Remark> {
  const { role, certificate, rules } = place
  const usages = certificate.extensions.extendedKeyUsage
  const extension = certificate.extensionList.find(({ oid }) => oid === EXTENSION.extendedKeyUsage)
  if (role === 'anchor' && extension !== undefined && place.isSelfIssued) {
    yield error('extended_key_usage_forbidden', 'extKeyUsage is on a root')
  }
  if (role !== 'leaf') return
  if (usages?.includes(ANY_EXTENDED_KEY_USAGE) === true) {
    yield error('extended_key_usage_forbidden', 'extKeyUsage has anyExtendedKeyUsage')
  }
  if (rules.purpose !== 'serverAuth') return
  if (extension === undefined) {
    yield error('extended_key_usage_missing', 'A server certificate has no extKeyUsage')
  } else if (extension.critical) {
    yield error('extension_must_not_be_critical', 'extKeyUsage of a server certificate is critical')
  }
  if (usages?.some((usage) => NOT_FOR_SERVERS.has(usage)) === true) {
    const message = 'extKeyUsage has a usage that server certificates may not have'
    yield error('extended_key_usage_forbidden', message)
  }
}
