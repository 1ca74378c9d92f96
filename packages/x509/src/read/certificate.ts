import type { Bytes } from '@latchkey/crypto'
import { type Algorithm, readAlgorithm } from './algorithm.ts'
import { contextConstructed, contextPrimitive, type DerElement, readOnly, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'
import {
  CERTIFICATE_EXTENSIONS,
  type Extension,
  readTaggedExtensions,
} from './extensions/extension.ts'
import { type Extensions, type Flaw, readExtensions } from './extensions/extensions.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { type Name, readName } from './name.ts'
import { readTime, type Time } from './time.ts'
import { integerOctets, smallInteger, wholeOctets } from './values.ts'

/** A certificate as its bytes say (RFC 5280 §4.1); nothing of it is believed yet. */
export interface Certificate {
  readonly der: Bytes
  /** What is signed. */
  readonly tbs: Bytes
  /** As people count: 3 for v3. */
  readonly version: number
  /** The serial number's octets in two's complement. */
  readonly serial: Bytes
  readonly issuer: Name
  readonly subject: Name
  readonly notBefore: Time
  readonly notAfter: Time
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes
  readonly hasUniqueIds: boolean
  readonly extensionList: readonly Extension[]
  readonly extensions: Extensions
  readonly flaws: readonly Flaw[]
  readonly signatureAlgorithm: Algorithm
  /** The algorithm as named inside of what is signed. */
  readonly signedAlgorithm: Algorithm
  readonly signature: Bytes
}

/** With some thousand names, which is more than anybody certifies; what it costs to read grows with the size. */
const MAX_CERTIFICATE_BYTES = 262_144

/** @throws EncodingError where it is too large, not DER, or not framed as a certificate */
export function readCertificate(der: Bytes): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) {
    throw new EncodingError(`certificate is larger than ${MAX_CERTIFICATE_BYTES} bytes`)
  }
  const outer = fieldsOf(readOnly(der), 'Certificate')
  const tbs = outer.take(TAG.sequence, 'tbsCertificate')
  const signatureAlgorithm = outer.take(TAG.sequence, 'signatureAlgorithm')
  const signature = outer.take(TAG.bitString, 'signatureValue')
  outer.end()
  return {
    der,
    tbs: tbs.raw,
    ...readTbs(tbs),
    signatureAlgorithm: readAlgorithm(signatureAlgorithm, 'signatureAlgorithm'),
    signature: wholeOctets(signature, 'signatureValue'),
  }
}

function readTbs(tbs: DerElement) {
  const fields = fieldsOf(tbs, 'TBSCertificate')
  const version = readVersion(fields.optional(contextConstructed(0)))
  const serial = integerOctets(fields.take(TAG.integer, 'serialNumber'), 'serialNumber')
  const signedAlgorithm = readAlgorithm(fields.take(TAG.sequence, 'signature'), 'signature')
  const issuer = readName(fields.take(TAG.sequence, 'issuer'), 'issuer')
  const validity = readValidity(fields.take(TAG.sequence, 'validity'))
  const subject = readName(fields.take(TAG.sequence, 'subject'), 'subject')
  const spki = fields.take(TAG.sequence, 'subjectPublicKeyInfo').raw
  const hasUniqueIds = readUniqueIds(fields)
  const tagged = fields.optional(CERTIFICATE_EXTENSIONS)
  fields.end()
  const extensionList = tagged === undefined ? [] : readTaggedExtensions(tagged)
  return {
    version,
    serial,
    signedAlgorithm,
    issuer,
    ...validity,
    subject,
    spki,
    hasUniqueIds,
    extensionList,
    ...readExtensions(extensionList),
  }
}

/** v1 is the default, so DER leaves it out. */
function readVersion(tagged: DerElement | undefined): number {
  if (tagged === undefined) return 1
  const version = readOnly(tagged.content)
  const number = version.tag === TAG.integer ? smallInteger(version, 'version') : 0
  if (number !== 1 && number !== 2) throw new EncodingError('version is neither v2 nor v3')
  return number + 1
}

function readValidity(element: DerElement): { notBefore: Time; notAfter: Time } {
  const fields = fieldsOf(element, 'validity')
  const notBefore = readTime(fields.any('notBefore'), 'notBefore')
  const notAfter = readTime(fields.any('notAfter'), 'notAfter')
  fields.end()
  return { notBefore, notAfter }
}

function readUniqueIds(fields: Fields): boolean {
  const issuer = fields.optional(contextPrimitive(1))
  const subject = fields.optional(contextPrimitive(2))
  return issuer !== undefined || subject !== undefined
}
