import {
  BasicConstraints as BasicConstraintsSchema,
  ExtendedKeyUsage,
  KeyUsage as KeyUsageSchema,
} from '@peculiar/asn1-x509'
import { type Bytes, EncodingError } from '@latchkey/crypto'
import { bytesOf } from '../bytes.ts'
import { readList } from '../schemas/list.ts'
import { readBySchema } from '../schemas/read.ts'

export interface BasicConstraints {
  readonly ca: boolean
  /** How many intermediates that are not self-issued may follow below. */
  readonly pathLength: number | undefined
}

/** RFC 5280 §4.2.1.9. @throws EncodingError */
export function readBasicConstraints(value: Bytes): BasicConstraints {
  const read = readBySchema(value, BasicConstraintsSchema, 'basicConstraints')
  const { cA: ca, pathLenConstraint: pathLength } = read
  // Of four octets and more, which no path is long, the schema makes text.
  if (pathLength !== undefined && !(Number.isSafeInteger(pathLength) && pathLength >= 0)) {
    throw new EncodingError('pathLenConstraint is negative or too large')
  }
  return { ca, pathLength }
}

/** RFC 5280 §4.2.1.3, in the order of its bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof KEY_USAGES)[number]

/** @throws EncodingError also where no bit is set, or one that has no name */
export function readKeyUsage(value: Bytes): ReadonlySet<KeyUsage> {
  const { value: octets, unusedBits } = readBySchema(value, KeyUsageSchema, 'keyUsage')
  const bits = Array.from(bytesOf(octets), (octet) => octet.toString(2).padStart(8, '0')).join('')
  const named = bits.slice(0, bits.length - unusedBits)
  if (!named.includes('1')) throw new EncodingError('keyUsage sets no bit')
  // X.690 §11.2.2: a list of named bits ends in one that is set.
  if (named.endsWith('0')) throw new EncodingError('keyUsage has trailing zero bits')
  if (named.length > KEY_USAGES.length) {
    throw new EncodingError('keyUsage sets a bit without a name')
  }
  return new Set(KEY_USAGES.filter((_, bit) => named[bit] === '1'))
}

/** RFC 5280 §4.2.1.12: object identifiers, at least one. @throws EncodingError */
export function readExtendedKeyUsage(value: Bytes): readonly string[] {
  return readList(value, ExtendedKeyUsage, 'extKeyUsage')
}
