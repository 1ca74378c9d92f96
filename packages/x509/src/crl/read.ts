import type { Bytes } from '@latchkey/crypto'
import { type Algorithm, readAlgorithm } from '../read/algorithm.ts'
import { type DerElement, readOnly, TAG } from '../read/der.ts'
import { EncodingError } from '../read/encoding-error.ts'
import {
  CRL_EXTENSIONS,
  type Extension,
  readExtensionList,
  readTaggedExtensions,
} from '../read/extensions/extension.ts'
import { fieldsOf, membersOf, nonEmptyMembersOf } from '../read/fields.ts'
import { type Name, readName } from '../read/name.ts'
import { readTime, type Time } from '../read/time.ts'
import { integerOctets, smallInteger, wholeOctets } from '../read/values.ts'

export interface CrlEntry {
  /** In two's complement, as certificates have it. */
  readonly serial: Bytes
  readonly extensionList: readonly Extension[]
}

/** A CertificateList as its bytes say (RFC 5280 §5.1); nothing of it is believed yet. */
export interface Crl {
  readonly tbs: Bytes
  /** As people count: 2 for v2. */
  readonly version: number
  readonly issuer: Name
  readonly thisUpdate: Time
  readonly nextUpdate: Time | undefined
  readonly entries: readonly CrlEntry[]
  readonly extensionList: readonly Extension[]
  readonly signatureAlgorithm: Algorithm
  readonly signedAlgorithm: Algorithm
  readonly signature: Bytes
}

/** @throws EncodingError where it is not DER, or not framed as a CRL */
export function readCrl(der: Bytes): Crl {
  const outer = fieldsOf(readOnly(der), 'CertificateList')
  const tbs = outer.take(TAG.sequence, 'tbsCertList')
  const signatureAlgorithm = outer.take(TAG.sequence, 'signatureAlgorithm')
  const signature = outer.take(TAG.bitString, 'signatureValue')
  outer.end()
  return {
    tbs: tbs.raw,
    ...readTbs(tbs),
    signatureAlgorithm: readAlgorithm(signatureAlgorithm, 'signatureAlgorithm'),
    signature: wholeOctets(signature, 'signatureValue'),
  }
}

function readTbs(tbs: DerElement) {
  const fields = fieldsOf(tbs, 'TBSCertList')
  const version = fields.optional(TAG.integer)
  const signedAlgorithm = readAlgorithm(fields.take(TAG.sequence, 'signature'), 'signature')
  const issuer = readName(fields.take(TAG.sequence, 'issuer'), 'issuer')
  const thisUpdate = readTime(fields.any('thisUpdate'), 'thisUpdate')
  const nextUpdate = fields.optional(TAG.utcTime, TAG.generalizedTime)
  // Where nothing is revoked the list is absent, not empty (RFC 5280 §5.1.2.6).
  const revoked = fields.optional(TAG.sequence)
  const tagged = fields.optional(CRL_EXTENSIONS)
  fields.end()
  return {
    version: version === undefined ? 1 : smallInteger(version, 'version') + 1,
    signedAlgorithm,
    issuer,
    thisUpdate,
    nextUpdate: nextUpdate === undefined ? undefined : readTime(nextUpdate, 'nextUpdate'),
    entries:
      revoked === undefined ? [] : nonEmptyMembersOf(revoked, 'revokedCertificates').map(readEntry),
    extensionList: tagged === undefined ? [] : readTaggedExtensions(tagged),
  }
}

function readEntry(element: DerElement): CrlEntry {
  const [serial, date, extensions, ...more] = membersOf(element, 'revokedCertificate')
  if (serial?.tag !== TAG.integer || date === undefined || more.length > 0) {
    throw new EncodingError('an entry of revokedCertificates is malformed')
  }
  readTime(date, 'revocationDate')
  return {
    serial: integerOctets(serial, 'userCertificate'),
    extensionList: extensions === undefined ? [] : readExtensionList(extensions),
  }
}
