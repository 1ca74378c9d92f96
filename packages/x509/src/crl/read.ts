import { CertificateList } from '@peculiar/asn1-x509'
import {
  type Bytes,
  contentOf,
  type DerElement,
  type DerLimits,
  EncodingError,
  membersOf,
  readOnly,
  requireDer,
  TAG,
  twosComplement,
  writeElement,
} from '@latchkey/crypto'
import { type Algorithm, readAlgorithm } from '../read/algorithm.ts'
import { bytesOf } from '../read/bytes.ts'
import { type Extension, extensionsOf, readExtension } from '../read/extensions/extension.ts'
import { type Name, nameOf } from '../read/name.ts'
import { derOf, readBySchema } from '../read/schemas/read.ts'
import { type Time, timeOf } from '../read/time.ts'

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

/** Large enough for the CRL of a busy authority. */
const LIMITS: DerLimits = { bytes: 1_048_576, elements: 300_000 }

/**
 * Reads a CRL by its published schema, but for its entries: there may be tens of thousands, at several times the cost.
 * @throws EncodingError where it is not DER, or not framed as a CRL
 */
export function readCrl(der: Bytes): Crl {
  requireDer(der, LIMITS)
  const [tbs, ...signed] = membersOf(readOnly(der, LIMITS.bytes), 'CertificateList')
  if (tbs === undefined) throw new EncodingError('CertificateList is empty')
  const fields = membersOf(tbs, 'TBSCertList')
  const revoked = revokedAmong(fields)
  const frame = sequence(sequence(...fields.filter((field) => field !== revoked)), ...signed)
  const read = readBySchema(frame.raw, CertificateList, 'CertificateList')
  const { version, issuer, thisUpdate, nextUpdate, crlExtensions, signature } = read.tbsCertList
  return {
    tbs: tbs.raw,
    version: version === undefined ? 1 : version + 1,
    issuer: nameOf(issuer, 'issuer'),
    thisUpdate: timeOf(thisUpdate, 'thisUpdate'),
    nextUpdate: nextUpdate && timeOf(nextUpdate, 'nextUpdate'),
    entries: revoked === undefined ? [] : entriesOf(revoked),
    extensionList: extensionsOf(crlExtensions),
    signatureAlgorithm: readAlgorithm(signed[0], 'signatureAlgorithm'),
    signedAlgorithm: readAlgorithm(readOnly(derOf(signature)), 'signature'),
    signature: bytesOf(read.signature),
  }
}

const isTime = ({ tag }: DerElement) => tag === TAG.utcTime || tag === TAG.generalizedTime

/** revokedCertificates: the one SEQUENCE behind the dates. */
function revokedAmong(fields: readonly DerElement[]): DerElement | undefined {
  const field = fields[fields.findLastIndex(isTime) + 1]
  return field?.tag === TAG.sequence ? field : undefined
}

function sequence(...members: readonly DerElement[]): DerElement {
  return readOnly(writeElement(TAG.sequence, ...members.map(({ raw }) => raw)), LIMITS.bytes)
}

/** Where nothing is revoked the list is absent, not empty (RFC 5280 §5.1.2.6). */
function entriesOf(revoked: DerElement): readonly CrlEntry[] {
  const members = membersOf(revoked, 'revokedCertificates')
  if (members.length === 0) throw new EncodingError('revokedCertificates is empty')
  return members.map(readEntry)
}

function readEntry(element: DerElement): CrlEntry {
  const [serial, date, extensions, ...more] = membersOf(element, 'revokedCertificate')
  if (date === undefined || !isTime(date) || more.length > 0) {
    throw new EncodingError('an entry of revokedCertificates is malformed')
  }
  return {
    serial: twosComplement(contentOf(serial, TAG.integer, 'userCertificate'), 'userCertificate'),
    extensionList:
      extensions === undefined ? [] : membersOf(extensions, 'Extensions').map(readExtension),
  }
}
