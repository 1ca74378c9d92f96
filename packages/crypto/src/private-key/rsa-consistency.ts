import { bitLength, toBigInt } from '../big-integer.ts'
import type { Bytes } from '../bytes.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { RsaNumbers } from '../public-key/rsa.ts'

/** An RSA private key with two primes (RFC 8017 §3.2), each number big-endian without leading zeros. */
export interface RsaPrivateNumbers extends RsaNumbers {
  /** d */
  readonly privateExponent: Bytes
  /** p */
  readonly firstPrime: Bytes
  /** q */
  readonly secondPrime: Bytes
  /** dP = d mod (p − 1) */
  readonly firstExponent: Bytes
  /** dQ = d mod (q − 1) */
  readonly secondExponent: Bytes
  /** qInv = q⁻¹ mod p */
  readonly coefficient: Bytes
}

/** Below, a key is broken by anybody who cares; above, the proof would cost more than a request may. */
const MIN_MODULUS_BITS = 1024
const MAX_MODULUS_BITS = 8192

/** CA/Browser Forum BR §6.1.6. */
const MAX_EXPONENT_BITS = 256

/**
 * Proves that the numbers are one working key (RFC 8017 §3.2), by arithmetic alone: WebCrypto takes other exponents
 * on each runtime, and some check nothing. Sizes come first, so that no number makes the rest long. Gives the
 * modulus's bits.
 * @throws KeyFormatError naming the first relation that does not hold
 */
export function requireConsistent(numbers: RsaPrivateNumbers): number {
  const n = toBigInt(numbers.modulus)
  const e = toBigInt(numbers.exponent)
  const d = toBigInt(numbers.privateExponent)
  const p = toBigInt(numbers.firstPrime)
  const q = toBigInt(numbers.secondPrime)
  const bits = bitLength(n)
  if (bits < MIN_MODULUS_BITS || bits > MAX_MODULUS_BITS) {
    throw new KeyFormatError(
      `modulus is ${bits} bits, expected ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS}`,
    )
  }
  if (e < 3n || e % 2n === 0n || bitLength(e) > MAX_EXPONENT_BITS) {
    throw new KeyFormatError(
      `exponent is not an odd number above 2 of at most ${MAX_EXPONENT_BITS} bits`,
    )
  }
  if (p >= n || q >= n || p === q || p * q !== n) {
    throw new KeyFormatError('modulus is not the product of two primes beside it')
  }
  // Together: e·d ≡ 1 mod λ(n), the least common multiple of both.
  if (d >= n || (e * d) % (p - 1n) !== 1n || (e * d) % (q - 1n) !== 1n) {
    throw new KeyFormatError('private exponent does not belong to modulus and exponent')
  }
  const dP = toBigInt(numbers.firstExponent)
  const dQ = toBigInt(numbers.secondExponent)
  const qInv = toBigInt(numbers.coefficient)
  if (dP !== d % (p - 1n) || dQ !== d % (q - 1n) || qInv >= p || (qInv * q) % p !== 1n) {
    throw new KeyFormatError('CRT values do not belong to the private exponent')
  }
  if (!isProbablyPrime(p) || !isProbablyPrime(q)) {
    throw new KeyFormatError('modulus is not a product of primes')
  }
  return bits
}

/**
 * One round of Miller and Rabin with base 2. A number that nobody chose to deceive passes it and is not prime less
 * than once in 2^80 times (HAC §4.4.1, for 512 bits); whoever chose his, has chosen his own key badly.
 */
function isProbablyPrime(n: bigint): boolean {
  if (n < 3n || n % 2n === 0n) return n === 2n
  let odd = n - 1n
  let halvings = 0
  while (odd % 2n === 0n) {
    odd /= 2n
    halvings++
  }
  let power = powerOfTwo(odd, n)
  if (power === 1n) return true
  for (let round = 0; round < halvings; round++) {
    if (power === n - 1n) return true
    power = (power * power) % n
  }
  return false
}

/** 2^exponent mod modulus. */
function powerOfTwo(exponent: bigint, modulus: bigint): bigint {
  let power = 1n
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus
    if (bit === '1') power = (power * 2n) % modulus
  }
  return power
}
