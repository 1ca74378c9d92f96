import { error, type Remark } from '../../findings.ts'
import { equalBytes } from '../../read/bytes.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/** The only version that has extensions. */
const V3 = 3

/** CABF BR §7.1.2.7: below 2^159; RFC 5280 §4.1.2.2 has the octets. */
const MAX_SERIAL_OCTETS = 20

/** What can be honoured where it is critical. Others have to be refused, known by name or not. */
const HONOURED: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectAlternativeName,
  EXTENSION.issuerAlternativeName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.extendedKeyUsage,
  EXTENSION.inhibitAnyPolicy,
])

export function* checkForm(place: Place): Iterable<Remark> {
  const { certificate, role } = place
  if (certificate.version !== V3) {
    yield error('version_unsupported', `Version is ${certificate.version}, expected 3`)
  }
  if (!equalBytes(certificate.signatureAlgorithm.raw, certificate.signedAlgorithm.raw)) {
    yield error(
      'signature_algorithm_mismatch',
      'The signature algorithm inside of what is signed is not the one outside',
    )
  }
  if (certificate.hasUniqueIds) {
    yield error('unique_id_present', 'Unique identifiers are present, which nobody may use')
  }
  if (certificate.issuer.parts.length === 0) yield error('issuer_empty', 'The issuer has no name')
  if (role !== 'leaf' && certificate.subject.parts.length === 0) {
    yield error('subject_empty', 'A certificate authority has no name')
  }
  // What serial number an anchor gave itself is nothing that trust in it rests on.
  if (role !== 'anchor') yield* checkSerial(place)
}

function* checkSerial({ certificate: { serial } }: Place): Iterable<Remark> {
  if ((serial[0] ?? 0) >= 0x80 || serial.every((octet) => octet === 0)) {
    yield error('serial_not_positive', 'The serial number is not positive')
  }
  if (serial.length > MAX_SERIAL_OCTETS) {
    const message = `The serial number has ${serial.length} octets, expected at most ${MAX_SERIAL_OCTETS}`
    yield error('serial_too_long', message)
  }
}

export function* checkExtensions({ certificate }: Place): Iterable<Remark> {
  const { extensionList, flaws } = certificate
  for (const { oid, message } of flaws) {
    yield error('extension_malformed', `Extension ${oid} is malformed: ${message}`)
  }
  const seen = new Set<string>()
  for (const { oid, critical } of extensionList) {
    if (seen.has(oid))
      yield error('extension_duplicate', `Extension ${oid} is there more than once`)
    seen.add(oid)
    if (critical && !HONOURED.has(oid)) {
      const message = `Extension ${oid} is critical and cannot be honoured`
      yield error('extension_unknown_critical', message)
    }
  }
}
