import { error, type Remark } from '../../findings.ts'
import { equalBytes } from '../../read/bytes.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Certificate } from '../../read/certificate.ts'
import type { Place } from '../place.ts'

export function* checkKeyIdentifiers(place: Place): Iterable<Remark> {
  const { certificate, role, rules, isSelfIssued } = place
  const { authorityKeyIdentifier, subjectKeyIdentifier } = certificate.extensions
  const isRoot = role === 'anchor' && isSelfIssued
  // A malformed one is told as such.
  const has = (oid: string) => certificate.extensionList.some((extension) => extension.oid === oid)
  if (role !== 'leaf' && !has(EXTENSION.subjectKeyIdentifier)) {
    yield error('subject_key_identifier_missing', 'An authority has no subjectKeyIdentifier')
  }
  // Only who signs itself may leave it out (RFC 5280 §4.2.1.1), which a leaf may do too.
  const signsItself = isSelfIssued && role !== 'intermediate'
  if (!signsItself && !has(EXTENSION.authorityKeyIdentifier)) {
    yield error('authority_key_identifier_missing', 'authorityKeyIdentifier is missing')
  }
  if (authorityKeyIdentifier === undefined) return
  const { keyIdentifier, namesCertificate } = authorityKeyIdentifier
  if (keyIdentifier === undefined) {
    const message = 'authorityKeyIdentifier has no keyIdentifier'
    yield error('authority_key_identifier_missing', message)
  }
  if (rules.profile !== 'webpki') return
  if (namesCertificate) {
    const message = 'authorityKeyIdentifier names a certificate instead of a key'
    yield error('authority_key_identifier_form', message)
  }
  if (isRoot && keyIdentifier !== undefined && subjectKeyIdentifier !== undefined) {
    if (!equalBytes(keyIdentifier, subjectKeyIdentifier)) {
      const message = 'authorityKeyIdentifier of a root is not its own subjectKeyIdentifier'
      yield error('key_identifier_mismatch', message)
    }
  }
}

/** Whether a certificate says that another key than this authority's signed it. */
export function namesOtherKey(certificate: Certificate, issuer: Certificate): boolean {
  const wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  const offered = issuer.extensions.subjectKeyIdentifier
  return wanted !== undefined && offered !== undefined && !equalBytes(wanted, offered)
}
