import { contextConstructed, type DerElement } from '../der.ts'
import { EncodingError } from '../encoding-error.ts'
import { fieldsOf, nonEmptyMembersOf } from '../fields.ts'
import { type GeneralName, readGeneralName } from '../general-name.ts'
import { TAG } from '../der.ts'

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** RFC 5280 §4.2.1.10. @throws EncodingError also where it constrains nothing */
export function readNameConstraints(element: DerElement): NameConstraints {
  const fields = fieldsOf(element, 'nameConstraints')
  const permitted = fields.optional(contextConstructed(0))
  const excluded = fields.optional(contextConstructed(1))
  fields.end()
  if (permitted === undefined && excluded === undefined) {
    throw new EncodingError('nameConstraints is empty')
  }
  return { permitted: subtreesOf(permitted), excluded: subtreesOf(excluded) }
}

function subtreesOf(element: DerElement | undefined): readonly GeneralName[] {
  if (element === undefined) return []
  return nonEmptyMembersOf(element, 'nameConstraints', element.tag).map((subtree) => {
    if (subtree.tag !== TAG.sequence) throw new EncodingError('GeneralSubtree is no SEQUENCE')
    const fields = fieldsOf(subtree, 'GeneralSubtree')
    const base = readGeneralName(fields.any('base'))
    // `minimum` is zero, which DER leaves out, and `maximum` must be absent: nothing may follow.
    fields.end()
    return base
  })
}
