import { describe, expect, test } from 'vitest'
import type { Bytes } from '../bytes.ts'
import { toUtf8 } from '../encoding.ts'
import { TAG } from './element.ts'
import { EncodingError } from './encoding-error.ts'
import { requireDer } from './walk.ts'
import { element } from './write.ts'

const bytes = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/[\da-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16))
const walk = (der: Bytes) => requireDer(der, { bytes: 100_000, elements: 1_000 })
/** A value two levels down, where only a walk gets to see it. */
const nested = (tag: number, content: string | Bytes) =>
  element(
    TAG.sequence,
    element(0xa3, element(tag, typeof content === 'string' ? toUtf8(content) : content)),
  )

describe('requireDer()', () => {
  test.each([
    ['TRUE', nested(TAG.boolean, bytes('ff'))],
    ['a negative INTEGER', nested(TAG.integer, bytes('80'))],
    ['bits', nested(TAG.bitString, bytes('0106fe'))],
    ['no bits', nested(TAG.bitString, bytes('00'))],
    ['text', nested(TAG.utf8String, 'Zürich')],
    ['a UTCTime', nested(TAG.utcTime, '270101000000Z')],
    ['a GeneralizedTime with a fraction', nested(TAG.generalizedTime, '20500101000000.25Z')],
    ['a SET in order', nested(TAG.set, bytes('0201010201020c0161'))],
    ['a type that it does not know', nested(0x07, bytes('00'))],
    ['whatever an IMPLICIT primitive holds', nested(0x82, bytes('ff00'))],
    ['whatever an OCTET STRING holds', nested(TAG.octetString, bytes('3080'))],
  ])('passes %s', (_, der) => {
    expect(() => walk(der)).not.toThrow()
  })

  test.each([
    ['a BOOLEAN that is 01', nested(TAG.boolean, bytes('01'))],
    ['an INTEGER with a needless zero', nested(TAG.integer, bytes('0001'))],
    ['an ENUMERATED without octets', nested(TAG.enumerated, bytes(''))],
    ['eight unused bits', nested(TAG.bitString, bytes('0800'))],
    ['unused bits of nothing', nested(TAG.bitString, bytes('01'))],
    ['unused bits that are set', nested(TAG.bitString, bytes('0107'))],
    ['a BIT STRING without octets', nested(TAG.bitString, bytes(''))],
    ['NULL with content', nested(TAG.null, bytes('00'))],
    ['a padded OBJECT IDENTIFIER', nested(TAG.objectIdentifier, bytes('2a808601'))],
    ['broken UTF-8', nested(TAG.utf8String, bytes('c3'))],
    ['a PrintableString beyond ASCII', nested(TAG.printableString, bytes('e9'))],
    ['an IA5String beyond ASCII', nested(TAG.ia5String, bytes('80'))],
    ['a UTCTime without seconds', nested(TAG.utcTime, '2701010000Z')],
    ['a UTCTime of another zone', nested(TAG.utcTime, '270101000000+0100')],
    ['a fraction that ends in zero', nested(TAG.generalizedTime, '20500101000000.50Z')],
    ['30 February', nested(TAG.utcTime, '270230000000Z')],
    ['a 25th hour', nested(TAG.generalizedTime, '20500101250000Z')],
    ['a time with a NUL after it', nested(TAG.utcTime, '270101000000Z\0')],
    ['a SET out of order', nested(TAG.set, bytes('020102020101'))],
    ['an OCTET STRING in pieces', nested(0x24, bytes('040100'))],
    ['a primitive SEQUENCE', nested(0x10, bytes(''))],
    ['a primitive SET', nested(0x11, bytes(''))],
    ['an indefinite length', bytes('30800201010000')],
    ['a length that is not minimal, inside', nested(0xa0, bytes('048101ff'))],
    ['what comes after', bytes('30000500')],
    ['nothing', bytes('')],
  ])('refuses %s', (_, der) => {
    expect(() => walk(der)).toThrow(EncodingError)
  })

  // A few kilobytes nest deep enough to exhaust the stack of whoever reads them by recursion.
  test('refuses what is nested without end', () => {
    let deep = element(TAG.null)
    for (let depth = 0; depth < 5_000; depth++) deep = element(TAG.sequence, deep)
    expect(() => walk(deep)).toThrow(/nested deeper/)
  })

  test('refuses more elements and more bytes than allowed', () => {
    const nulls = element(TAG.sequence, ...Array.from({ length: 1_000 }, () => element(TAG.null)))
    expect(() => walk(nulls)).toThrow(/more than 1000 elements/)
    expect(() => walk(element(TAG.octetString, new Uint8Array(100_000)))).toThrow(/larger than/)
  })
})
