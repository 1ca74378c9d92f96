import type { DerElement } from '../der/element.ts'
import { TAG } from '../der/element.ts'
import { contentOf, membersOf } from '../der/values.ts'

/** The members of TBSCertificate between its version and its public key (RFC 5280 §4.1). */
const BEFORE_KEY = [
  ['serial number', TAG.integer],
  ['signature algorithm', TAG.sequence],
  ['issuer', TAG.sequence],
  ['validity', TAG.sequence],
  ['subject', TAG.sequence],
] as const

/**
 * Finds the SubjectPublicKeyInfo of a certificate. Nothing else of it is believed or checked.
 * @throws KeyFormatError where the way there is not strict DER
 */
export function spkiOfCertificate(certificate: DerElement): DerElement | undefined {
  const [tbsCertificate] = membersOf(certificate, 'certificate')
  const members = membersOf(tbsCertificate, 'TBSCertificate')
  // A certificate of version 1 leaves its version out.
  const fields = members[0]?.tag === TAG.explicit0 ? members.slice(1) : members
  for (const [index, [what, tag]] of BEFORE_KEY.entries()) contentOf(fields[index], tag, what)
  return fields[BEFORE_KEY.length]
}
