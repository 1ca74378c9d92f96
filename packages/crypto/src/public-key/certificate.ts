import type { Bytes } from '../bytes.ts'
import { type DerElement, readOnly, TAG } from '../der/element.ts'
import { contentOf, membersOf } from '../der/values.ts'
import { EncodingError } from '../der/encoding-error.ts'

/** TBSCertificate, the algorithm and the signature. */
const CERTIFICATE_MEMBERS = 3

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
 * @throws EncodingError where the way there is not strict DER
 */
export function spkiOfCertificate(certificate: DerElement): DerElement | undefined {
  const [tbsCertificate] = membersOf(certificate, 'certificate')
  const members = membersOf(tbsCertificate, 'TBSCertificate')
  // A certificate of version 1 leaves its version out.
  const fields = members[0]?.tag === TAG.explicit0 ? members.slice(1) : members
  for (const [index, [what, tag]] of BEFORE_KEY.entries()) contentOf(fields[index], tag, what)
  return fields[BEFORE_KEY.length]
}

/** Whether bytes have the outline of one certificate (RFC 5280 §4.1). Whether it is a good one is not asked. */
export function isCertificate(der: Bytes): boolean {
  try {
    const certificate = readOnly(der)
    membersOf(spkiOfCertificate(certificate), 'SubjectPublicKeyInfo')
    return membersOf(certificate, 'certificate').length === CERTIFICATE_MEMBERS
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}
