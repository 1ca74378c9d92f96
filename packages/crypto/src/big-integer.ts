import type { Bytes } from './bytes.ts'
import { toHex } from './encoding.ts'

/** The number that big-endian octets stand for; of none, zero. */
export function toBigInt(octets: Uint8Array): bigint {
  return BigInt(`0x0${toHex(octets)}`)
}

/** Of a number that is not negative; zero has none. */
export function bitLength(n: bigint): number {
  const hex = n.toString(16)
  return 4 * (hex.length - 1) + 32 - Math.clz32(Number.parseInt(hex.charAt(0), 16))
}

/** A number that is not negative in big-endian octets, as many as are told, else as few as it needs. */
export function toOctets(n: bigint, length = Math.ceil(bitLength(n) / 8)): Bytes {
  const pairs =
    n
      .toString(16)
      .padStart(length * 2, '0')
      .match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}
