import { AsnArray, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from '@peculiar/asn1-schema'
import { Name, OtherName } from '@peculiar/asn1-x509'

type Options = Parameters<typeof AsnProp>[0]

/**
 * GeneralName (RFC 5280 §4.2.1.6). The published schema turns addresses into text, which masks that are none do not
 * survive, and gives two kinds that hardly anybody has another tag than theirs: here these are whatever they hold.
 */
export class GeneralNameSchema {
  otherName?: OtherName
  rfc822Name?: string
  dNSName?: string
  x400Address?: ArrayBuffer[]
  directoryName?: Name
  ediPartyName?: ArrayBuffer[]
  uniformResourceIdentifier?: string
  iPAddress?: ArrayBuffer
  registeredID?: string
}

const { Any, IA5String, ObjectIdentifier, OctetString } = AsnPropTypes
AsnType({ type: AsnTypeTypes.Choice })(GeneralNameSchema)
has(GeneralNameSchema, {
  otherName: { type: OtherName, context: 0, implicit: true },
  rfc822Name: { type: IA5String, context: 1, implicit: true },
  dNSName: { type: IA5String, context: 2, implicit: true },
  x400Address: { type: Any, context: 3, implicit: true, repeated: 'sequence' },
  directoryName: { type: Name, context: 4 },
  ediPartyName: { type: Any, context: 5, implicit: true, repeated: 'sequence' },
  uniformResourceIdentifier: { type: IA5String, context: 6, implicit: true },
  iPAddress: { type: OctetString, context: 7, implicit: true },
  registeredID: { type: ObjectIdentifier, context: 8, implicit: true },
})

export class GeneralNamesSchema extends AsnArray<GeneralNameSchema> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: GeneralNameSchema })(GeneralNamesSchema)

/** `minimum` is zero, which DER leaves out, and `maximum` has to be absent (RFC 5280 §4.2.1.10): neither is known. */
export class GeneralSubtreeSchema {
  base: GeneralNameSchema = new GeneralNameSchema()
}
has(GeneralSubtreeSchema, { base: { type: GeneralNameSchema } })

export class GeneralSubtreesSchema extends AsnArray<GeneralSubtreeSchema> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: GeneralSubtreeSchema })(GeneralSubtreesSchema)

/** NameConstraints (RFC 5280 §4.2.1.10). */
export class NameConstraintsSchema {
  permittedSubtrees?: GeneralSubtreesSchema
  excludedSubtrees?: GeneralSubtreesSchema
}
has(NameConstraintsSchema, {
  permittedSubtrees: { type: GeneralSubtreesSchema, context: 0, implicit: true, optional: true },
  excludedSubtrees: { type: GeneralSubtreesSchema, context: 1, implicit: true, optional: true },
})

/** Decorators, as functions: what erases to JavaScript has no other. */
function has<T extends object>(
  schema: { readonly prototype: T },
  properties: { readonly [K in keyof T & string]-?: Options },
): void {
  for (const [name, options] of Object.entries<Options>(properties)) {
    AsnProp(options)(schema.prototype, name)
  }
}
