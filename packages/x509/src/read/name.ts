import { type Bytes, toHex } from '@latchkey/crypto'
import { compareBytes } from './bytes.ts'
import { type DerElement, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'
import { fieldsOf, membersOf, nonEmptyMembersOf } from './fields.ts'
import { latin1, objectIdentifier } from './values.ts'

/** One attribute of a name; `text` is null where its value is no string. */
export interface NameAttribute {
  readonly type: string
  readonly tag: number
  readonly text: string | null
  readonly raw: Bytes
}

/** A distinguished name (RFC 5280 §4.1.2.4), its most significant part first. */
export interface Name {
  readonly parts: readonly (readonly NameAttribute[])[]
  readonly raw: Bytes
}

/** @throws EncodingError */
export function readName(element: DerElement, what: string): Name {
  return { parts: membersOf(element, what).map((part) => readPart(part, what)), raw: element.raw }
}

function readPart(part: DerElement, what: string): readonly NameAttribute[] {
  const members = nonEmptyMembersOf(part, `a part of ${what}`, TAG.set)
  const sorted = members.every(({ raw }, index) => {
    const before = members[index - 1]
    return before === undefined || compareBytes(before.raw, raw) <= 0
  })
  if (!sorted) throw new EncodingError(`a part of ${what} is not sorted as DER wants it`)
  return members.map((member) => readAttribute(member, what))
}

function readAttribute(member: DerElement, what: string): NameAttribute {
  const fields = fieldsOf(member, `an attribute of ${what}`)
  const type = objectIdentifier(fields.take(TAG.objectIdentifier, 'type'), 'attribute type')
  const value = fields.any('value')
  fields.end()
  return { type, tag: value.tag, text: textOf(value, what), raw: value.raw }
}

function textOf({ tag, content }: DerElement, what: string): string | null {
  switch (tag) {
    case TAG.utf8String:
      return utf8Text(content, what)
    case TAG.bmpString:
      return wideText(content, 2, what)
    case TAG.universalString:
      return wideText(content, 4, what)
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.visibleString:
      if (content.some((octet) => octet >= 0x80)) {
        throw new EncodingError(`an attribute of ${what} is not ASCII`)
      }
      return latin1(content)
    // In practice ISO 8859-1, which RFC 5280 §A.1 foresees for TeletexString.
    case TAG.teletexString:
      return latin1(content)
    default:
      return null
  }
}

function utf8Text(content: Bytes, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new EncodingError(`an attribute of ${what} is not well-formed UTF-8`)
  }
}

/** BMPString has two octets a character, UniversalString four (X.690 §8.23.7 and .8). */
function wideText(content: Bytes, width: 2 | 4, what: string): string {
  const units = toHex(content).match(new RegExp(`.{${width * 2}}`, 'g')) ?? []
  const points = units.map((unit) => Number.parseInt(unit, 16))
  const known = points.every((point) => point <= 0x10ffff && (point < 0xd800 || point > 0xdfff))
  if (units.length * width !== content.length || !known) {
    throw new EncodingError(`an attribute of ${what} is not made of characters`)
  }
  return points.map((point) => String.fromCodePoint(point)).join('')
}

/** The values of one type of attribute that are text, wherever they stand in the name. */
export function attributesOf({ parts }: Name, type: string): readonly NameAttribute[] {
  return parts.flat().filter((attribute) => attribute.type === type)
}
