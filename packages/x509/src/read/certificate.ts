import { Certificate as CertificateSchema } from '@peculiar/asn1-x509'
import { type Bytes, EncodingError } from '@latchkey/crypto'
import { type Algorithm, readAlgorithm } from './algorithm.ts'
import { bytesOf } from './bytes.ts'
import { type Extension, extensionsOf } from './extensions/extension.ts'
import { type Extensions, type Flaw, readExtensions } from './extensions/extensions.ts'
import { type Name, nameOf } from './name.ts'
import { outlineOf } from './outline.ts'
import { readBySchema } from './schemas/read.ts'
import { type Time, timeOf } from './time.ts'

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

/** v1, which is the default, v2 and v3 (RFC 5280 §4.1.2.1). */
const VERSIONS: readonly number[] = [0, 1, 2]

/** @throws EncodingError where it is too large, not DER, or not framed as a certificate */
export function readCertificate(der: Bytes): Certificate {
  const read = readBySchema(der, CertificateSchema, 'Certificate')
  const { tbsCertificate } = read
  if (!VERSIONS.includes(tbsCertificate.version)) {
    throw new EncodingError('version is neither v1, v2 nor v3')
  }
  const { tbs, issuer, subject, spki, signature, signatureAlgorithm } = outlineOf(der)
  const extensionList = extensionsOf(tbsCertificate.extensions)
  return {
    der,
    tbs: tbs.raw,
    version: tbsCertificate.version + 1,
    serial: bytesOf(tbsCertificate.serialNumber),
    issuer: nameOf(tbsCertificate.issuer, 'issuer', issuer.raw),
    subject: nameOf(tbsCertificate.subject, 'subject', subject.raw),
    notBefore: timeOf(tbsCertificate.validity.notBefore, 'notBefore'),
    notAfter: timeOf(tbsCertificate.validity.notAfter, 'notAfter'),
    spki: spki.raw,
    hasUniqueIds:
      tbsCertificate.issuerUniqueID !== undefined || tbsCertificate.subjectUniqueID !== undefined,
    extensionList,
    ...readExtensions(extensionList),
    signatureAlgorithm: readAlgorithm(signatureAlgorithm, 'signatureAlgorithm'),
    signedAlgorithm: readAlgorithm(signature, 'signature'),
    signature: bytesOf(read.signatureValue),
  }
}
