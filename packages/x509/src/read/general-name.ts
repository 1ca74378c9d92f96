import type { Bytes } from '@latchkey/crypto'
import { contextConstructed, contextPrimitive, type DerElement, readOnly, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'
import { fieldsOf, nonEmptyMembersOf } from './fields.ts'
import { type Name, readName } from './name.ts'
import { ia5Text, objectIdentifier } from './values.ts'

/** A GeneralName (RFC 5280 §4.2.1.6), its value as it stands: what is a sound one is judged elsewhere. */
export type GeneralName =
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'email'; readonly text: string }
  | { readonly kind: 'uri'; readonly text: string }
  /** An address, or in name constraints an address and its mask. */
  | { readonly kind: 'ip'; readonly octets: Bytes }
  | { readonly kind: 'directory'; readonly name: Name }
  /** `oid` is the type of an otherName, or the registeredID itself. */
  | { readonly kind: 'other'; readonly oid: string }
  | { readonly kind: 'x400' }
  | { readonly kind: 'ediParty' }

export type NameKind = GeneralName['kind']

/** @throws EncodingError */
export function readGeneralName(element: DerElement): GeneralName {
  switch (element.tag) {
    case contextConstructed(0):
      return { kind: 'other', oid: otherNameType(element) }
    case contextPrimitive(1):
      return { kind: 'email', text: ia5Text(element, 'rfc822Name') }
    case contextPrimitive(2):
      return { kind: 'dns', text: ia5Text(element, 'dNSName') }
    case contextConstructed(3):
      return { kind: 'x400' }
    // Name is a CHOICE, so its tag is explicit.
    case contextConstructed(4):
      return { kind: 'directory', name: readName(readOnly(element.content), 'directoryName') }
    case contextConstructed(5):
      return { kind: 'ediParty' }
    case contextPrimitive(6):
      return { kind: 'uri', text: ia5Text(element, 'uniformResourceIdentifier') }
    case contextPrimitive(7):
      return { kind: 'ip', octets: element.content }
    case contextPrimitive(8):
      return { kind: 'other', oid: objectIdentifier(element, 'registeredID') }
    default:
      throw new EncodingError('GeneralName is of an unknown type')
  }
}

function otherNameType(element: DerElement): string {
  const fields = fieldsOf(element, 'otherName', element.tag)
  const type = objectIdentifier(fields.take(TAG.objectIdentifier, 'type-id'), 'type-id')
  readOnly(fields.take(contextConstructed(0), 'value').content)
  fields.end()
  return type
}

/** GeneralNames: at least one. @throws EncodingError */
export function readGeneralNames(
  element: DerElement,
  what: string,
  tag: number = TAG.sequence,
): readonly GeneralName[] {
  return nonEmptyMembersOf(element, what, tag).map(readGeneralName)
}
