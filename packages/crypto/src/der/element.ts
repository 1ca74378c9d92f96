import type { Bytes } from '../bytes.ts'
import { EncodingError } from './encoding-error.ts'

/** Identifier octets of the universal types that keys and certificates are made of (X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, constructed: `[0] EXPLICIT`. */
  explicit0: 0xa0,
} as const

/** Context-specific tags: primitive, as IMPLICIT simple types have, and constructed. */
export const contextPrimitive = (number: number): number => 0x80 + number
export const contextConstructed = (number: number): number => 0xa0 + number

/** One tag-length-value. The identifier octet is kept whole, so class and form are part of the tag. */
export interface DerElement {
  readonly tag: number
  readonly content: Bytes
  /** With tag and length: what is signed, hashed or compared. */
  readonly raw: Bytes
}

/** No key or chain member comes near: an RSA-16384 private key has 9 KiB. */
export const MAX_DER_BYTES = 65_536

/** In this many octets any length fits that anybody is allowed here. */
const MAX_LENGTH_OCTETS = 3

/**
 * Splits bytes into the elements they are made of, down to the last byte. One level only: whoever wants to
 * look inside calls again, so depth is what the caller's own code says and no input can make it recurse.
 * @throws EncodingError where a length is indefinite, not minimal or beyond the end (X.690 §10.1)
 */
export function readElements(bytes: Bytes): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let offset = 0; offset < bytes.length;) {
    const element = readElement(bytes, offset)
    elements.push(element)
    offset += element.raw.length
  }
  return elements
}

/**
 * Reads bytes that are exactly one element.
 * @throws EncodingError also where there are more of them than `limit`, or something follows it
 */
export function readOnly(bytes: Bytes, limit: number = MAX_DER_BYTES): DerElement {
  if (bytes.length > limit) throw new EncodingError(`DER is larger than ${limit} bytes`)
  if (bytes.length === 0) throw new EncodingError('DER is empty')
  const element = readElement(bytes, 0)
  if (element.raw.length < bytes.length) throw new EncodingError('DER has trailing bytes')
  return element
}

function readElement(bytes: Bytes, offset: number): DerElement {
  const tag = bytes[offset] ?? 0
  // The low five bits all set announce a tag of several octets, which no format here has.
  if ((tag & 0x1f) === 0x1f) throw new EncodingError('DER has a high-tag-number form')
  const { start, length } = readLength(bytes, offset + 1)
  const end = start + length
  if (end > bytes.length) throw new EncodingError('DER is cut off')
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) }
}

/** The length told at `offset`, and where what it measures starts. */
function readLength(bytes: Bytes, offset: number): { start: number; length: number } {
  const first = bytes[offset]
  if (first === undefined) throw new EncodingError('DER is cut off')
  if (first < 0x80) return { start: offset + 1, length: first }
  const octets = first & 0x7f
  if (octets === 0) throw new EncodingError('DER has an indefinite length')
  if (octets > MAX_LENGTH_OCTETS) throw new EncodingError('DER has a length that is too large')
  const start = offset + 1 + octets
  if (start > bytes.length) throw new EncodingError('DER is cut off')
  const length = bytes.subarray(offset + 1, start).reduce((sum, octet) => sum * 256 + octet, 0)
  const shortest = length < 0x80 ? 0 : Math.ceil((32 - Math.clz32(length)) / 8)
  if (octets !== shortest) throw new EncodingError('DER has a length that is not minimal')
  return { start, length }
}
