import type { Bytes } from '../bytes.ts'
import { compareBytes } from './compare.ts'
import { type DerElement, readElements, readOnly, TAG } from './element.ts'
import { EncodingError } from './encoding-error.ts'
import { booleanOf, dotted, twosComplement } from './values.ts'

/** What a structure may cost to read. */
export interface DerLimits {
  readonly bytes: number
  readonly elements: number
}

/** Three times what a certificate has, with the structures inside of its extensions. */
const MAX_DEPTH = 32

/**
 * Walks through the whole of a structure before others, who take BER, get to read it: every length, and every value of
 * a universal type, has to be in the one form that DER has for it (X.690 §10, §11). The content of OCTET STRINGs and of
 * IMPLICIT primitives is passed over, as nothing here tells what it is.
 * @throws EncodingError also where it is larger, has more elements or is deeper than allowed
 */
export function requireDer(der: Bytes, limits: DerLimits): void {
  let level: readonly DerElement[] = [readOnly(der, limits.bytes)]
  let count = 1
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new EncodingError(`DER is nested deeper than ${MAX_DEPTH}`)
    const next: DerElement[] = []
    for (const element of level) {
      const members = membersWithin(element)
      count += members.length
      if (count > limits.elements) {
        throw new EncodingError(`DER has more than ${limits.elements} elements`)
      }
      for (const member of members) next.push(member)
    }
    level = next
  }
}

const CONSTRUCTED = 0x20
const IN_CLASS = 0xc0

/** What an element is made of; a primitive is checked instead. */
function membersWithin(element: DerElement): readonly DerElement[] {
  const { tag, content } = element
  const isUniversal = (tag & IN_CLASS) === 0
  if ((tag & CONSTRUCTED) === 0) {
    if (isUniversal) requirePrimitive(element)
    return []
  }
  // Strings in pieces are for BER and CER (X.690 §10.2).
  if (isUniversal && tag !== TAG.sequence && tag !== TAG.set) {
    throw new EncodingError('DER has a constructed value of a primitive type')
  }
  const members = readElements(content)
  if (tag === TAG.set) requireSorted(members)
  return members
}

/** X.690 §11.6. */
function requireSorted(members: readonly DerElement[]): void {
  members.forEach(({ raw }, index) => {
    const before = members[index - 1]
    if (before !== undefined && compareBytes(before.raw, raw) > 0) {
      throw new EncodingError('DER has a SET that is not sorted')
    }
  })
}

function requirePrimitive({ tag, content }: DerElement): void {
  switch (tag) {
    case TAG.boolean:
      booleanOf(content, 'BOOLEAN')
      break
    case TAG.integer:
    case TAG.enumerated:
      twosComplement(content, 'INTEGER')
      break
    case TAG.bitString:
      requireBits(content)
      break
    case TAG.null:
      if (content.length > 0) throw new EncodingError('NULL has content')
      break
    case TAG.objectIdentifier:
      dotted(content, 'OBJECT IDENTIFIER')
      break
    case TAG.utf8String:
      requireUtf8(content)
      break
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.visibleString:
      if (content.some((octet) => octet >= 0x80)) throw new EncodingError('string is not ASCII')
      break
    case TAG.utcTime:
    case TAG.generalizedTime:
      requireTime(content, tag)
      break
    case TAG.sequence - CONSTRUCTED:
    case TAG.set - CONSTRUCTED:
      throw new EncodingError('DER has a primitive SEQUENCE or SET')
    default:
  }
}

/** X.690 §8.6.2 and §11.2.1: bits that do not count are zero. */
function requireBits(content: Bytes): void {
  const [unused] = content
  const last = content.length > 1 ? (content.at(-1) ?? 0) : 0
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0)) {
    throw new EncodingError('BIT STRING has an impossible number of unused bits')
  }
  if ((last & ((1 << unused) - 1)) !== 0) throw new EncodingError('BIT STRING sets unused bits')
}

function requireUtf8(content: Bytes): void {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw new EncodingError('UTF8String is not well-formed UTF-8')
  }
}

/** X.690 §11.7 and §11.8: to the second, in Zulu, and no fraction that ends in zero. */
const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d*[1-9])?Z$/

/** What is longer is no time. */
const MAX_TIME = 32

function requireTime(content: Bytes, tag: number): void {
  const isUtc = tag === TAG.utcTime
  const text = content.length > MAX_TIME ? '' : String.fromCharCode(...content)
  const parts = (isUtc ? UTC_TIME : GENERALIZED_TIME).exec(text)
  if (parts === null) throw new EncodingError('a time is not to the second in Zulu')
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts
  // Of which century two digits are makes no difference to the calendar.
  const iso = `${isUtc ? '20' : ''}${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const instant = Date.parse(iso)
  // Some engines roll 30 February over instead of refusing it.
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== iso) {
    throw new EncodingError('a time is no date of the calendar')
  }
}
