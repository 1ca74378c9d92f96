import { describe, expect, test } from 'vitest'
import { type Bytes, concat } from '../bytes.ts'
import { readOnly, TAG } from '../der/element.ts'
import { bitString, element, integer } from '../der/write.ts'
import { patched, NUMBERS, SPKI_DER } from '../testing/spki.ts'
import { RSA_ENCRYPTION_DER } from './algorithms.ts'
import { encodeSpki, readSpki } from './rsa.ts'

const NULL = element(TAG.null)
const OID = readOnly(RSA_ENCRYPTION_DER).content.subarray(0, -NULL.length)
const key = element(TAG.sequence, integer(NUMBERS.modulus), integer(NUMBERS.exponent))

const sequence = (...parts: readonly Bytes[]) => element(TAG.sequence, ...parts)
const negative = element(TAG.integer, NUMBERS.modulus)
const padded = element(TAG.integer, Uint8Array.of(0, 0), NUMBERS.modulus)
const holding = (pkcs1: Bytes) => sequence(RSA_ENCRYPTION_DER, bitString(pkcs1))

test('encodeSpki() writes what readSpki() read', () => {
  expect(encodeSpki(readSpki(readOnly(SPKI_DER)))).toEqual(SPKI_DER)
})

describe('readSpki()', () => {
  test.each<[string, Bytes, RegExp]>([
    ['absent parameters', sequence(sequence(OID), bitString(key)), /parameters are not NULL/],
    ['parameters after NULL', sequence(sequence(OID, NULL, NULL), bitString(key)), /not NULL/],
    ['other parameters', sequence(sequence(OID, sequence()), bitString(key)), /not NULL/],
    [
      'a second BIT STRING',
      sequence(RSA_ENCRYPTION_DER, bitString(key), bitString(key)),
      /trailing/,
    ],
    ['a byte after the key', holding(concat(key, Uint8Array.of(0))), /trailing/],
    ['an element after the key', holding(concat(key, NULL)), /trailing/],
    [
      'a third number',
      holding(sequence(integer(NUMBERS.modulus), integer(NUMBERS.exponent), NULL)),
      /trailing/,
    ],
    ['no exponent', holding(sequence(integer(NUMBERS.modulus))), /exponent is missing/],
    [
      'a negative modulus',
      holding(sequence(negative, integer(NUMBERS.exponent))),
      /modulus is negative/,
    ],
    [
      'a padded modulus',
      holding(sequence(padded, integer(NUMBERS.exponent))),
      /modulus is not minimally/,
    ],
    ['no key', sequence(RSA_ENCRYPTION_DER, bitString(new Uint8Array())), /empty/],
    ['an OCTET STRING', sequence(RSA_ENCRYPTION_DER, element(TAG.octetString, key)), /wrong type/],
  ])('refuses %s', (_, der, message) => {
    expect(() => readSpki(readOnly(der))).toThrow(message)
  })

  test('refuses unused bits, which no octet string has', () => {
    // The count of unused bits comes right after the BIT STRING's header, 4 + 15 + 4 bytes in.
    expect(SPKI_DER[23]).toBe(0)
    expect(() => readSpki(readOnly(patched(SPKI_DER, 23, 1)))).toThrow(/unused bits/)
  })
})
