import { IssuingDistributionPoint as Schema } from '@peculiar/asn1-x509'
import { type Bytes, EncodingError } from '@latchkey/crypto'
import { uriOf } from '../read/extensions/informative.ts'
import { readBySchema } from '../read/schemas/read.ts'

/** What a CRL says it is about (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  /** URIs where the CRL is; null where it names its place in another way. */
  readonly uris: readonly string[] | null | undefined
  readonly onlyUsers: boolean
  readonly onlyAuthorities: boolean
  readonly onlyAttributes: boolean
  readonly onlySomeReasons: boolean
  readonly isIndirect: boolean
}

/** What says nothing is an empty SEQUENCE. */
const EMPTY_BYTES = 2

/** @throws EncodingError */
export function readIssuingDistributionPoint(value: Bytes): IssuingDistributionPoint {
  const read = readBySchema(value, Schema, 'issuingDistributionPoint')
  if (value.length === EMPTY_BYTES) throw new EncodingError('issuingDistributionPoint is empty')
  const point = read.distributionPoint
  return {
    uris: point && (point.fullName?.flatMap(uriOf) ?? null),
    onlyUsers: read.onlyContainsUserCerts,
    onlyAuthorities: read.onlyContainsCACerts,
    onlyAttributes: read.onlyContainsAttributeCerts,
    onlySomeReasons: read.onlySomeReasons !== undefined,
    isIndirect: read.indirectCRL,
  }
}
