import type { AttributeTypeAndValue, Name as NameSchema } from '@peculiar/asn1-x509'
import { type Bytes, EncodingError, readOnly, TAG } from '@latchkey/crypto'
import { MAX_CERTIFICATE_BYTES } from './limits.ts'
import { derOf } from './schemas/read.ts'

/** One attribute of a name; what is no string is kept as its bytes, tag and all. */
export type NameAttribute =
  | { readonly type: string; readonly text: string }
  | { readonly type: string; readonly text: null; readonly raw: Bytes }

/** A distinguished name (RFC 5280 §4.1.2.4), its most significant part first. */
export interface Name {
  readonly parts: readonly (readonly NameAttribute[])[]
  readonly raw: Bytes
}

/** @throws EncodingError where a part is empty, or a text is not made of characters */
export function nameOf(read: NameSchema, what: string, raw: Bytes = derOf(read)): Name {
  const parts = Array.from(read, (part) => Array.from(part, (each) => attributeOf(each, what)))
  if (parts.some(({ length }) => length === 0))
    throw new EncodingError(`a part of ${what} is empty`)
  return { parts, raw }
}

/** Halves of characters, which the wide kinds of string can hold one by one. */
const SURROGATE = /\p{Cs}/u

function attributeOf({ type, value }: AttributeTypeAndValue, what: string): NameAttribute {
  const text =
    value.utf8String ??
    value.printableString ??
    value.ia5String ??
    value.teletexString ??
    value.bmpString ??
    value.universalString
  if (text === undefined) return otherAttribute(type, derOf(value))
  if (SURROGATE.test(text)) {
    throw new EncodingError(`an attribute of ${what} is not made of characters`)
  }
  return { type, text }
}

/** The schema knows no VisibleString, which is text of ASCII like others. */
function otherAttribute(type: string, raw: Bytes): NameAttribute {
  const { tag, content } = readOnly(raw, MAX_CERTIFICATE_BYTES)
  return tag === TAG.visibleString
    ? { type, text: new TextDecoder().decode(content) }
    : { type, text: null, raw }
}

/** The values of one type of attribute that are text, wherever they stand in the name. */
export function attributesOf({ parts }: Name, type: string): readonly NameAttribute[] {
  return parts.flat().filter((attribute) => attribute.type === type)
}
