import { error, type Remark, warning } from '../../findings.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/** RFC 5280 §4.2.1.1, §4.2.1.2, §4.2.1.8, §4.2.1.15, §4.2.2.1, §4.2.2.2. */
const NEVER_CRITICAL: ReadonlyMap<string, string> = new Map([
  [EXTENSION.authorityKeyIdentifier, 'authorityKeyIdentifier'],
  [EXTENSION.subjectKeyIdentifier, 'subjectKeyIdentifier'],
  [EXTENSION.subjectDirectoryAttributes, 'subjectDirectoryAttributes'],
  [EXTENSION.freshestCrl, 'freshestCRL'],
  [EXTENSION.authorityInformationAccess, 'authorityInfoAccess'],
  [EXTENSION.subjectInformationAccess, 'subjectInfoAccess'],
])

/** RFC 5280 §4.2.1.11, §4.2.1.14. */
const ALWAYS_CRITICAL: ReadonlyMap<string, string> = new Map([
  [EXTENSION.policyConstraints, 'policyConstraints'],
  [EXTENSION.inhibitAnyPolicy, 'inhibitAnyPolicy'],
])

export function* checkCriticality(place: Place): Iterable<Remark> {
  for (const { oid, critical } of place.certificate.extensionList) {
    const never = NEVER_CRITICAL.get(oid)
    const always = ALWAYS_CRITICAL.get(oid)
    if (critical && never !== undefined) {
      yield error('extension_must_not_be_critical', `${never} is critical`)
    }
    if (!critical && always !== undefined) {
      yield error('extension_must_be_critical', `${always} is not critical`)
    }
    if (oid === EXTENSION.nameConstraints && !critical) yield nameConstraintsNotCritical(place)
    if (oid === EXTENSION.keyUsage && !critical) {
      yield warning('extension_should_be_critical', 'keyUsage is not critical')
    }
  }
}

/**
 * RFC 5280 §4.2.1.10 wants them critical. CABF BR §7.1.2.5.2 excepts subordinate authorities, for the sake of
 * software that does not know them; roots are not excepted.
 */
function nameConstraintsNotCritical({ role, rules }: Place): Remark {
  const excepted = rules.profile === 'webpki' && role === 'intermediate'
  const message = 'nameConstraints is not critical'
  return (excepted ? warning : error)('extension_must_be_critical', message)
}
