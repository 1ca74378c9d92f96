import { describe, expect, test } from 'vitest'
import { NUMBERS, octetsOf } from '../testing/spki.ts'
import { requireSound } from './soundness.ts'

const F4 = octetsOf(65_537n)
const N = BigInt(
  `0x${Array.from(NUMBERS.modulus, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
)
const SMALL_PRIMES = Array.from({ length: 700 }, (_, index) => index + 2).filter((candidate) =>
  Array.from({ length: candidate - 2 }, (_, index) => index + 2).every((d) => candidate % d !== 0),
)

function failure(modulus: bigint, exponent = F4): string {
  try {
    requireSound({ modulus: octetsOf(modulus), exponent })
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error'
  }
  return 'sound'
}

describe('requireSound()', () => {
  test.each([3n, 5n, 65_537n, 2n ** 32n + 15n, 2n ** 256n - 1n])(
    'takes the exponent %s',
    (exponent) => {
      expect(failure(N, octetsOf(exponent))).toBe('sound')
    },
  )

  test.each([
    [1n, 'exponent is 1, expected an odd number above 2'],
    [2n, 'exponent is 2, expected an odd number above 2'],
    [4n, 'exponent is even'],
    [65_536n, 'exponent is even'],
    [2n ** 256n + 1n, 'exponent is 257 bits, expected at most 256'],
    [2n ** 2047n + 1n, 'exponent is 2048 bits, expected at most 256'],
  ])('refuses the exponent %s', (exponent, message) => {
    expect(failure(N, octetsOf(exponent))).toBe(message)
  })

  test.each([
    [N >> 1n, 'modulus is 2047 bits, expected 2048'],
    [N << 1n, 'modulus is 2049 bits, expected 2048'],
    [3n, 'modulus is 2 bits, expected 2048'],
    [2n ** 2047n, 'modulus is divisible by 2'],
  ])('refuses a modulus of the wrong size', (modulus, message) => {
    expect(failure(modulus)).toBe(message)
  })

  // A faulty generator, or someone who wants the key to be broken, leaves a factor that anybody finds.
  test.each([2n, 3n, 743n, 751n])('refuses a modulus with the factor %s', (factor) => {
    const modulus = N - (N % (2n * factor)) + (factor === 2n ? 0n : factor)
    expect(failure(modulus)).toMatch(/^modulus is divisible by \d+$/)
  })

  // Infineon's chips made every prime a power of 65537 modulo a product of small primes: whoever knows that
  // factors the modulus (CVE-2017-15361).
  test('refuses a modulus with the ROCA fingerprint', () => {
    const product = SMALL_PRIMES.filter((prime) => prime <= 701).reduce((a, b) => a * BigInt(b), 1n)
    // The fingerprint is in the remainder alone: the factors need not be known.
    let power = 1n
    for (let exponent = 0; exponent < 20; exponent++) {
      power = (power * 65_537n) % product
      expect(failure(N - (N % product) + power)).toBe(
        'modulus has the ROCA weakness (CVE-2017-15361)',
      )
    }
  })

  // Two primes made one after the other lie so close that Fermat's method finds them at once (CVE-2022-26320).
  test.each([0n, 2n, 1_000n, 10n ** 100n])('refuses a product of numbers %s apart', (distance) => {
    const p = 2n ** 1024n - 2n ** 1020n + 1n
    const moduli = Array.from({ length: 400 }, (_, index) => {
      const start = p + BigInt(index) * 2n
      return failure(start * (start + distance))
    })
    expect(moduli).toContain('modulus is a product of primes too close')
    expect(moduli).not.toContain('sound')
  })
})
