import type { Bytes } from '@latchkey/crypto'
import { contextConstructed, type DerElement, readOnly, TAG } from '../der.ts'
import { fieldsOf, nonEmptyMembersOf } from '../fields.ts'
import { defaultFalse, objectIdentifier } from '../values.ts'

/** An Extension as it stands (RFC 5280 §4.1): `value` is the content of its OCTET STRING. */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Bytes
}

/** Extensions of a certificate `[3]`, or of a CRL `[0]`: at least one. @throws EncodingError */
export function readTaggedExtensions(tagged: DerElement): readonly Extension[] {
  return readExtensionList(readOnly(tagged.content))
}

/** @throws EncodingError where the list is empty or one of them has no sound frame */
export function readExtensionList(list: DerElement): readonly Extension[] {
  return nonEmptyMembersOf(list, 'Extensions').map(readExtension)
}

function readExtension(element: DerElement): Extension {
  const fields = fieldsOf(element, 'Extension')
  const oid = objectIdentifier(fields.take(TAG.objectIdentifier, 'extnID'), 'extnID')
  const critical = defaultFalse(fields.optional(TAG.boolean), 'critical')
  const value = fields.take(TAG.octetString, 'extnValue').content
  fields.end()
  return { oid, critical, value }
}

/** The tag of the extensions in a TBSCertificate and in a TBSCertList. */
export const CERTIFICATE_EXTENSIONS: number = contextConstructed(3)
export const CRL_EXTENSIONS: number = contextConstructed(0)
