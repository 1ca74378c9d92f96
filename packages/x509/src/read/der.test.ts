import { describe, expect, test } from 'vitest'
import { der } from '../testing/der.ts'
import { type DerElement, MAX_DER_BYTES, readElements, readOnly, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'
import {
  booleanOf,
  defaultFalse,
  ia5Text,
  integerOctets,
  namedBits,
  objectIdentifier,
  positiveOctets,
  smallInteger,
  wholeOctets,
} from './values.ts'

const bytes = (hex: string) =>
  Uint8Array.from(hex.match(/[\da-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16))
const only = (hex: string): DerElement => readOnly(bytes(hex))

describe('readElements()', () => {
  test.each([0, 1, 127, 128, 255, 256, 65_536, 1_000_000])('reads a length of %i', (length) => {
    const content = new Uint8Array(length).fill(7)
    const element = readOnly(der(TAG.octetString, content))
    expect(element.content.length).toBe(length)
    expect(element.raw.length).toBeGreaterThan(length)
  })

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

  test('refuses more than its cap', () => {
    expect(() => readElements(new Uint8Array(MAX_DER_BYTES + 1))).toThrow(/larger than/)
  })

  test('reads one level, however deep the bytes go', () => {
    let nested = der(TAG.null)
    for (let depth = 0; depth < 5_000; depth += 1) nested = der(TAG.sequence, nested)
    expect(readElements(nested)).toHaveLength(1)
  })
})

test.each(['', '05000500', '050000'])('readOnly() refuses %j: it is not one element', (hex) => {
  expect(() => only(hex)).toThrow(EncodingError)
})

describe('the readers of values', () => {
  test('read what is in DER', () => {
    expect(booleanOf(only('0101ff'), 'it')).toBe(true)
    expect(defaultFalse(undefined, 'it')).toBe(false)
    expect(smallInteger(only('02020080'), 'it')).toBe(128)
    expect(positiveOctets(only('02020080'), 'it')).toEqual(bytes('80'))
    expect(integerOctets(only('0202ff7f'), 'it')).toEqual(bytes('ff7f'))
    expect(wholeOctets(only('030300abcd'), 'it')).toEqual(bytes('abcd'))
    expect([...namedBits(only('03020106'), 'it')]).toEqual([5, 6])
    expect([...namedBits(only('0303078080'), 'it')]).toEqual([0, 8])
    expect([...namedBits(only('030100'), 'it')]).toEqual([])
    expect(ia5Text(only('16026869'), 'it')).toBe('hi')
  })

  test.each([
    ['06092a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['0603883703', '2.999.3'],
    ['060100', '0.0'],
  ])('read the object identifier %s as %s', (hex, dotted) => {
    expect(objectIdentifier(only(hex), 'it')).toBe(dotted)
  })

  test.each([
    ['a BOOLEAN that is 01', () => booleanOf(only('010101'), 'it')],
    ['an empty BOOLEAN', () => booleanOf(only('0100'), 'it')],
    ['FALSE, the default, in full', () => defaultFalse(only('010100'), 'it')],
    ['an INTEGER without octets', () => integerOctets(only('0200'), 'it')],
    ['a needless zero', () => integerOctets(only('0202007f'), 'it')],
    ['needless ones', () => integerOctets(only('0202ff80'), 'it')],
    ['a negative number', () => smallInteger(only('020180'), 'it')],
    ['a number that is not small', () => smallInteger(only('02050100000000'), 'it')],
    ['zero where positive', () => positiveOctets(only('020100'), 'it')],
    ['unused bits in octets', () => wholeOctets(only('030201fe'), 'it')],
    ['trailing zero bits', () => namedBits(only('03020006'), 'it')],
    ['unused bits that are set', () => namedBits(only('03020107'), 'it')],
    ['eight unused bits', () => namedBits(only('03020880'), 'it')],
    ['unused bits of nothing', () => namedBits(only('030101'), 'it')],
    ['an empty OBJECT IDENTIFIER', () => objectIdentifier(only('0600'), 'it')],
    ['a padded arc', () => objectIdentifier(only('06042a808601'), 'it')],
    ['an arc cut off', () => objectIdentifier(only('06022a86'), 'it')],
    ['an arc beyond 2^53', () => objectIdentifier(only('060a2affffffffffffffff7f'), 'it')],
    ['characters beyond ASCII', () => ia5Text(only('160180'), 'it')],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(EncodingError)
  })
})
