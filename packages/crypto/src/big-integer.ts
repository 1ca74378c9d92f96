import type { Bytes } from './bytes.ts'
import { toHex } from './encoding.ts'

/** The number that big-endian octets stand for; of none, zero. */
export function toBigInt(octets: Uint8Array): bigint {
  return BigInt(`0x0${toHex(octets)}`)
}

/** Of a number that is not negative; zero has none. */
export function bitLength(n: bigint): number {
  return n === 0n ? 0 : n.toString(2).length
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
