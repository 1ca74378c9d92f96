import { type DerElement, TAG } from '../der.ts'
import { EncodingError } from '../encoding-error.ts'
import { fieldsOf, nonEmptyMembersOf } from '../fields.ts'
import { defaultFalse, namedBits, objectIdentifier, smallInteger } from '../values.ts'

export interface BasicConstraints {
  readonly ca: boolean
  /** How many intermediates that are not self-issued may follow below. */
  readonly pathLength: number | undefined
}

/** RFC 5280 §4.2.1.9. @throws EncodingError */
export function readBasicConstraints(element: DerElement): BasicConstraints {
  const fields = fieldsOf(element, 'basicConstraints')
  const ca = defaultFalse(fields.optional(TAG.boolean), 'cA')
  const pathLength = fields.optional(TAG.integer)
  fields.end()
  return {
    ca,
    pathLength:
      pathLength === undefined ? undefined : smallInteger(pathLength, 'pathLenConstraint'),
  }
}

/** RFC 5280 §4.2.1.3, in the order of its bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof KEY_USAGES)[number]

/** @throws EncodingError also where no bit is set, or one that has no name */
export function readKeyUsage(element: DerElement): ReadonlySet<KeyUsage> {
  if (element.tag !== TAG.bitString) throw new EncodingError('keyUsage is of the wrong type')
  const usages = [...namedBits(element, 'keyUsage')].map((bit) => KEY_USAGES[bit])
  const known = usages.filter((usage) => usage !== undefined)
  if (known.length === 0) throw new EncodingError('keyUsage sets no bit')
  if (known.length < usages.length) throw new EncodingError('keyUsage sets a bit without a name')
  return new Set(known)
}

/** RFC 5280 §4.2.1.12: object identifiers, at least one. @throws EncodingError */
export function readExtendedKeyUsage(element: DerElement): readonly string[] {
  return nonEmptyMembersOf(element, 'extKeyUsage').map((usage) => {
    if (usage.tag !== TAG.objectIdentifier)
      throw new EncodingError('extKeyUsage is no list of OIDs')
    return objectIdentifier(usage, 'extKeyUsage')
  })
}
