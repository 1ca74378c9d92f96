import { bitLength, toBigInt } from '../big-integer.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { RsaNumbers } from './rsa.ts'

/** What WhatsApp takes. */
export const MODULUS_BITS = 2048

/** CA/Browser Forum BR §6.1.6: odd, at least 3, and at most 2^256 − 1. */
const MAX_EXPONENT_BITS = 256

/** NIST SP 800-89 §5.3.3: a sound modulus has no factor smaller than 752. */
const SMALL_PRIMES = primesBelow(752)

/** Rounds of Fermat's method after which a key counts as sound: CA/Browser Forum BR §6.1.1.3. */
const FERMAT_ROUNDS = 100

/**
 * The remainders that squares leave: of a hundred other numbers 99 leave another by one of these moduli, so that their
 * roots need not be taken (Cohen, A Course in Computational Algebraic Number Theory, §1.7.2).
 */
const SQUARES = [64n, 63n, 65n, 11n].map((modulus) => ({
  modulus,
  remainders: new Set(Array.from({ length: Number(modulus) }, (_, n) => BigInt(n) ** 2n % modulus)),
}))

/**
 * The generator by which Infineon's library made its primes, and the largest prime of the product that it
 * used for 2048 bits (Nemec et al., The Return of Coppersmith's Attack, 2017, §2; CVE-2017-15361).
 */
const ROCA_GENERATOR = 65_537
const ROCA_LARGEST_PRIME = 701

/**
 * Refuses keys that are not RSA-2048 or that anybody could break.
 * @throws KeyFormatError naming the first thing that is wrong
 */
export function requireSound({ modulus, exponent }: RsaNumbers): void {
  const n = toBigInt(modulus)
  const e = toBigInt(exponent)
  const bits = bitLength(n)
  if (bits !== MODULUS_BITS) {
    throw new KeyFormatError(`modulus is ${bits} bits, expected ${MODULUS_BITS}`)
  }
  if (e <= 2n) throw new KeyFormatError(`exponent is ${e}, expected an odd number above 2`)
  if (e % 2n === 0n) throw new KeyFormatError('exponent is even')
  if (bitLength(e) > MAX_EXPONENT_BITS) {
    throw new KeyFormatError(
      `exponent is ${bitLength(e)} bits, expected at most ${MAX_EXPONENT_BITS}`,
    )
  }
  const factor = SMALL_PRIMES.find((prime) => n % BigInt(prime) === 0n)
  if (factor !== undefined) throw new KeyFormatError(`modulus is divisible by ${factor}`)
  if (isRoca(n)) throw new KeyFormatError('modulus has the ROCA weakness (CVE-2017-15361)')
  if (hasClosePrimes(n)) throw new KeyFormatError('modulus is a product of primes too close')
}

/** Whether n is a power of the generator modulo every prime: by chance it never is. */
function isRoca(n: bigint): boolean {
  return SMALL_PRIMES.filter((prime) => prime <= ROCA_LARGEST_PRIME).every((prime) =>
    powersOf(ROCA_GENERATOR, prime).has(Number(n % BigInt(prime))),
  )
}

function powersOf(generator: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * generator) % prime) powers.add(power)
  return powers
}

/** Fermat: n = a² − b² with a just above √n where the primes are close. */
function hasClosePrimes(n: bigint): boolean {
  let a = squareRoot(n)
  if (a * a < n) a++
  let square = a * a - n
  for (let round = 0; round < FERMAT_ROUNDS; round++, a++) {
    if (isSquare(square)) return true
    // (a + 1)² is a² + 2a + 1: adding costs a tenth of squaring.
    square += 2n * a + 1n
  }
  return false
}

function isSquare(n: bigint): boolean {
  if (!SQUARES.every(({ modulus, remainders }) => remainders.has(n % modulus))) return false
  const root = squareRoot(n)
  return root * root === n
}

/** The largest integer whose square is not above n (Newton). */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n
  let root = 1n << BigInt(Math.ceil(bitLength(n) / 2))
  for (;;) {
    const next = (root + n / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; candidate < limit; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
