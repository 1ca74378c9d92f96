import { type Bytes, concat } from '../bytes.ts'
import { readOnly } from '../der/element.ts'
import { encodePem } from '../pem/write.ts'
import { encodeSpki, readSpki, type RsaNumbers } from '../public-key/rsa.ts'
import { spkiOf } from '../public-key/spki.ts'
import { FINGERPRINT, SPKI } from './fixtures.ts'

/** The DER of the fixture key. */
export const SPKI_DER: Bytes = spkiOf({ pem: SPKI, fingerprint: FINGERPRINT })

/** Modulus and exponent of the fixture key. */
export const NUMBERS: RsaNumbers = readSpki(readOnly(SPKI_DER))

/** Big-endian octets without leading zeros. */
export function octetsOf(value: bigint): Bytes {
  const hex = value.toString(16)
  const pairs = hex.padStart(hex.length + (hex.length % 2), '0').match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

/** SPKI PEM of the numbers, sound or not. */
export function pemOf(numbers: Partial<RsaNumbers>): string {
  return encodePem('PUBLIC KEY', encodeSpki({ ...NUMBERS, ...numbers }))
}

/** The bytes with those at `at` replaced. */
export function patched(bytes: Bytes, at: number, ...octets: readonly number[]): Bytes {
  return concat(bytes.subarray(0, at), Uint8Array.from(octets), bytes.subarray(at + octets.length))
}
