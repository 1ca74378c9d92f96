import { describe, expect, test } from 'vitest'
import { toBigInt, toOctets } from '../big-integer.ts'
import { type Bytes, concat } from '../bytes.ts'
import { type DerElement, TAG } from '../der/element.ts'
import { element, integer } from '../der/write.ts'
import { encodePem } from '../pem/write.ts'
import { derOf, replaced } from '../testing/damage.ts'
import { failureOf } from '../testing/faults.ts'
import { signs } from '../testing/signs.ts'
import { RSA_FINGERPRINT, RSA_PKCS1, RSA_PKCS8 } from '../testing/throw-away-rsa-keys.ts'
import { importPrivateKey } from './import.ts'
import { versionOf } from './pkcs8.ts'
import { requireConsistent, type RsaPrivateNumbers } from './rsa-consistency.ts'

const PKCS1_DER = derOf(RSA_PKCS1)
const pemOf = (der: Bytes) => encodePem('RSA PRIVATE KEY', der)

/** Where each number stands; the version is before them. */
const AT = { n: 1, e: 2, d: 3, p: 4, q: 5, dP: 6, dQ: 7, qInv: 8 } as const
type Name = keyof typeof AT

function numberOf(name: Name): bigint {
  let number = 0n
  replaced(PKCS1_DER, [AT[name]], (old) => {
    number = toBigInt(old.content)
    return element(old.tag, old.content)
  })
  return number
}

const [n, d, p, q] = [numberOf('n'), numberOf('d'), numberOf('p'), numberOf('q')]

function changed(numbers: Partial<Record<Name, bigint>>): string {
  let der = PKCS1_DER
  for (const name of ['n', 'e', 'd', 'p', 'q', 'dP', 'dQ', 'qInv'] as const) {
    const number = numbers[name]
    if (number !== undefined) der = replaced(der, [AT[name]], () => integer(toOctets(number)))
  }
  return pemOf(der)
}

const PRODUCT = 'modulus is not the product of two primes beside it'
const EXPONENT = 'private exponent does not belong to modulus and exponent'
const CRT = 'CRT values do not belong to the private exponent'

describe('importPrivateKey() proves RSA', () => {
  test.each<[string, Partial<Record<Name, bigint>>, string]>([
    ['another modulus', { n: n + 2n }, PRODUCT],
    ['another prime', { p: p + 2n }, PRODUCT],
    ['one prime twice', { q: p }, PRODUCT],
    ['the factors 1 and n', { p: 1n, q: n }, PRODUCT],
    ['another exponent', { e: 3n }, EXPONENT],
    ['another private exponent', { d: d + 2n }, EXPONENT],
    ['a private exponent that is not reduced', { d: d + n * (p - 1n) * (q - 1n) }, EXPONENT],
    ['another first CRT exponent', { dP: numberOf('dP') + 2n }, CRT],
    ['another second CRT exponent', { dQ: numberOf('dQ') + 2n }, CRT],
    ['CRT exponents exchanged', { dP: numberOf('dQ'), dQ: numberOf('dP') }, CRT],
    ['another CRT coefficient', { qInv: numberOf('qInv') + 1n }, CRT],
    ['a CRT coefficient that is not reduced', { qInv: numberOf('qInv') + p }, CRT],
    ['the primes exchanged alone', { p: q, q: p }, CRT],
    [
      'an even exponent',
      { e: 65_536n },
      'exponent is not an odd number above 2 of at most 256 bits',
    ],
    ['exponent 1', { e: 1n }, 'exponent is not an odd number above 2 of at most 256 bits'],
    [
      'a long exponent',
      { e: 2n ** 256n + 1n },
      'exponent is not an odd number above 2 of at most 256 bits',
    ],
    ['1023 bits', { n: 2n ** 1023n - 1n }, 'modulus is 1023 bits, expected 1024 to 8192'],
    ['8193 bits', { n: 2n ** 8192n }, 'modulus is 8193 bits, expected 1024 to 8192'],
  ])('and refuses %s', async (_, numbers, reason) => {
    expect(await failureOf(importPrivateKey(changed(numbers)))).toBe(
      `key_invalid: Cannot import private key: ${reason}`,
    )
  })

  // RFC 8017 says nothing of which prime is first; some libraries begin with the smaller one.
  test('takes the primes in either order', async () => {
    const exchanged = changed({
      p: q,
      q: p,
      dP: numberOf('dQ'),
      dQ: numberOf('dP'),
      qInv: inverse(p, q),
    })
    const key = await importPrivateKey(exchanged)
    expect(key.publicKey?.fingerprint).toBe(RSA_FINGERPRINT)
    expect(await signs(key)).toBe(true)
  })

  // PKCS#1 v1 asked for the inverse modulo (p − 1)(q − 1), and many still do that.
  test('takes a private exponent of either kind', async () => {
    const lambda = ((p - 1n) * (q - 1n)) / greatestDivisor(p - 1n, q - 1n)
    const least = inverse(65_537n, lambda)
    for (const exponent of [least, least + lambda]) {
      expect(await signs(await importPrivateKey(changed({ d: exponent })))).toBe(true)
    }
  })

  test('takes factors of other sizes, as long as they are prime', () => {
    expect(requireConsistent(numbersOf(2n ** 4253n - 1n, 2n ** 3217n - 1n))).toBe(7470)
  })

  // All relations can be made to hold for factors of any kind; such a key decrypts nothing, or anybody factors it.
  test('refuses factors that are not prime', () => {
    const prime = 2n ** 1279n - 1n
    const numbers = numbersOf(561n * (2n ** 607n - 1n), prime)
    expect(() => requireConsistent(numbers)).toThrow('modulus is not a product of primes')
  })
})

describe('importPrivateKey() refuses RSA', () => {
  const version = (value: number) => pemOf(replaced(PKCS1_DER, [0], () => versionOf(value)))

  test.each<[string, string, string]>([
    ['of more than two primes', version(1), 'it is an RSA key of more than two primes'],
    ['of a version to come', version(2), 'its version of RSAPrivateKey is unknown'],
    [
      'with a zero in it',
      pemOf(replaced(PKCS1_DER, [AT.dP], () => element(TAG.integer, Uint8Array.of(0)))),
      'first CRT exponent is zero',
    ],
    [
      'with more after it',
      pemOf(replaced(PKCS1_DER, [], (old) => element(old.tag, old.content, element(TAG.sequence)))),
      'RSAPrivateKey has trailing bytes',
    ],
    [
      'without its CRT values',
      pemOf(replaced(PKCS1_DER, [], firstSix)),
      'it is no private key of RSA, an elliptic curve or Ed25519',
    ],
    [
      'whose parameters are missing',
      encodePem(
        'PRIVATE KEY',
        replaced(derOf(RSA_PKCS8), [1], (old) => element(old.tag, old.content.subarray(0, 11))),
      ),
      'its RSA algorithm parameters are not NULL',
    ],
    [
      'that is bound to PSS',
      encodePem(
        'PRIVATE KEY',
        replaced(derOf(RSA_PKCS8), [1, 0], (old) =>
          element(old.tag, old.content.subarray(0, -1), Uint8Array.of(10)),
        ),
      ),
      'its algorithm is RSASSA-PSS, expected RSA, an elliptic curve or Ed25519',
    ],
  ])('%s', async (_, pem, reason) => {
    expect(await failureOf(importPrivateKey(pem))).toBe(
      `key_invalid: Cannot import private key: ${reason}`,
    )
  })
})

test('importPrivateKey() leaves attributes out, as macOS and Windows write them', async () => {
  const attributes = element(0xa0, element(TAG.sequence))
  const der = replaced(derOf(RSA_PKCS8), [], (old) => element(old.tag, old.content, attributes))
  const { pkcs8, repairs } = await importPrivateKey(encodePem('PRIVATE KEY', der))
  expect(pkcs8).toEqual(derOf(RSA_PKCS8))
  expect(repairs.map(({ code }) => code)).toEqual(['attributes_removed'])
})

function firstSix(old: DerElement): Bytes {
  const members = [integer(toOctets(n)), integer(toOctets(65_537n)), integer(toOctets(d))]
  const primes = [integer(toOctets(p)), integer(toOctets(q))]
  return element(old.tag, versionOf(0), concat(...members, ...primes))
}

/** A key whose every relation holds, whatever its factors are. */
function numbersOf(first: bigint, second: bigint): RsaPrivateNumbers {
  const exponent = 65_537n
  const inverted = inverse(exponent, (first - 1n) * (second - 1n))
  return {
    modulus: toOctets(first * second),
    exponent: toOctets(exponent),
    privateExponent: toOctets(inverted),
    firstPrime: toOctets(first),
    secondPrime: toOctets(second),
    firstExponent: toOctets(inverted % (first - 1n)),
    secondExponent: toOctets(inverted % (second - 1n)),
    coefficient: toOctets(inverse(second, first)),
  }
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b)
}

/** The inverse of a modulo m, by Euclid. */
function inverse(a: bigint, m: bigint): bigint {
  let [previous, rest, previousFactor, factor] = [m, a % m, 0n, 1n]
  while (rest > 0n) {
    const quotient = previous / rest
    ;[previous, rest] = [rest, previous - quotient * rest]
    ;[previousFactor, factor] = [factor, previousFactor - quotient * factor]
  }
  return ((previousFactor % m) + m) % m
}
