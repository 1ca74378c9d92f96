import type { RsaKey } from './key.ts'

/**
 * Nobody certifies larger keys, and what they cost to verify with grows with the square; a key of this size takes a
 * millisecond or two.
 */
export const MAX_RSA_BITS = 8_192

/** OpenSSL draws the same line for keys of more than 3072 bits. */
export const MAX_EXPONENT_BITS = 64

export function isAffordable({ bits, exponent }: RsaKey): boolean {
  return bits <= MAX_RSA_BITS && exponent.length * 8 <= MAX_EXPONENT_BITS
}
