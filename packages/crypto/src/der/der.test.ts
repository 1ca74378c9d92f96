import { describe, expect, test } from 'vitest'
import type { Bytes } from '../bytes.ts'
import { type DerElement, MAX_DER_BYTES, readElements, readOnly, TAG } from './element.ts'
import { EncodingError } from './encoding-error.ts'
import {
  booleanOf,
  isNull,
  membersOf,
  objectIdentifier,
  positiveInteger,
  smallInteger,
  twosComplement,
  wholeOctets,
} from './values.ts'
import { bitString, element, integer } from './write.ts'

const bytes = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/[\da-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16))
const only = (hex: string): DerElement => readOnly(bytes(hex))

describe('readElements()', () => {
  test('reads one element after the other', () => {
    const elements = readElements(bytes('020105 0500 3003020101'))
    expect(elements.map(({ tag }) => tag)).toEqual([TAG.integer, TAG.null, TAG.sequence])
    expect(elements[2]?.content).toEqual(bytes('020101'))
  })

  test.each([0, 1, 127, 128, 255, 256, 65_000])(
    'reads the length %i that element() wrote',
    (length) => {
      const content = new Uint8Array(length).fill(7)
      expect(readOnly(element(TAG.octetString, content)).content).toEqual(content)
    },
  )

  test.each([
    ['nothing after the tag', '30'],
    ['fewer bytes than told', '300502010102'],
    ['a length cut off', '3082'],
    ['an indefinite length', '30800201010000'],
    ['a reserved length', '30ff'],
    ['a long form for a short length', '308103020101'],
    ['a length with a leading zero', '30820003020101'],
    ['a length of four octets', '308400000003020101'],
    ['a high tag number', '1f8101020000'],
  ])('refuses %s', (_, hex) => {
    expect(() => readElements(bytes(hex))).toThrow(EncodingError)
  })
})

describe('readOnly()', () => {
  test.each([
    ['nothing', ''],
    ['trailing bytes', '05000500'],
    ['a trailing zero', '050000'],
  ])('refuses %s', (_, hex) => {
    expect(() => only(hex)).toThrow(EncodingError)
  })

  test('refuses more than its cap, which is higher for who says so', () => {
    const large = element(TAG.octetString, new Uint8Array(MAX_DER_BYTES))
    expect(() => readOnly(large)).toThrow(/larger than/)
    expect(readOnly(large, large.length).raw).toEqual(large)
  })
})

describe('positiveInteger()', () => {
  test.each([
    ['020101', '01'],
    ['02020080', '80'],
    ['0202 7fff', '7fff'],
  ])('reads %s', (hex, octets) => {
    const read = positiveInteger(only(hex), 'number')
    expect(read).toEqual(bytes(octets))
    expect(integer(read)).toEqual(bytes(hex))
  })

  test.each([
    ['an empty one', '0200'],
    ['zero', '020100'],
    ['a negative one', '020180'],
    ['a needless leading zero', '0202007f'],
    ['two leading zeros', '0203000080'],
    ['a negative one in more octets', '0202ff80'],
    ['another type', '040101'],
  ])('refuses %s', (_, hex) => {
    expect(() => positiveInteger(only(hex), 'number')).toThrow(/^number /)
  })

  test('refuses a missing one', () => {
    expect(() => positiveInteger(undefined, 'number')).toThrow('number is missing')
  })
})

describe('the readers of content', () => {
  test('read what is in DER', () => {
    expect(booleanOf(bytes('ff'), 'it')).toBe(true)
    expect(booleanOf(bytes('00'), 'it')).toBe(false)
    expect(twosComplement(bytes('ff7f'), 'it')).toEqual(bytes('ff7f'))
    expect(smallInteger(bytes('0080'), 'it')).toBe(128)
  })

  test.each([
    ['a BOOLEAN that is 01', () => booleanOf(bytes('01'), 'it')],
    ['an empty BOOLEAN', () => booleanOf(bytes(''), 'it')],
    ['an INTEGER without octets', () => twosComplement(bytes(''), 'it')],
    ['a needless zero', () => twosComplement(bytes('007f'), 'it')],
    ['needless ones', () => twosComplement(bytes('ff80'), 'it')],
    ['a negative number', () => smallInteger(bytes('80'), 'it')],
    ['a number that is not small', () => smallInteger(bytes('0100000000'), 'it')],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(EncodingError)
  })
})

describe('wholeOctets()', () => {
  test('reads what bitString() wrote', () => {
    expect(wholeOctets(readOnly(bitString(bytes('abcd'))), 'bits')).toEqual(bytes('abcd'))
  })

  test.each(['0300', '030201fe', '0303080000', '040100'])('refuses %s', (hex) => {
    expect(() => wholeOctets(only(hex), 'bits')).toThrow(/^bits /)
  })
})

describe('objectIdentifier()', () => {
  test.each([
    ['06092a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['06032b6570', '1.3.101.112'],
    ['0603883703', '2.999.3'],
    ['060100', '0.0'],
  ])('reads %s as %s', (hex, dotted) => {
    expect(objectIdentifier(only(hex), 'name')).toBe(dotted)
  })

  test.each([
    ['an empty one', '0600'],
    ['a padded arc', '06042a808601'],
    ['one cut off', '06022a86'],
    ['an arc beyond 2^53', '060a2affffffffffffffff7f'],
    ['another type', '02012a'],
  ])('refuses %s', (_, hex) => {
    expect(() => objectIdentifier(only(hex), 'name')).toThrow(/^name /)
  })
})

test('isNull() takes an empty NULL alone', () => {
  expect(isNull(only('0500'))).toBe(true)
  expect(isNull(only('050100'))).toBe(false)
  expect(isNull(only('0200'))).toBe(false)
  expect(isNull(undefined)).toBe(false)
})

test('membersOf() reads one level, however deep the bytes go', () => {
  let nested = element(TAG.null)
  for (let depth = 0; depth < 5_000; depth++) nested = element(TAG.sequence, nested)
  expect(membersOf(readOnly(nested), 'nest')).toHaveLength(1)
})
