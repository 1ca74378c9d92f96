import { contextConstructed, contextPrimitive, type DerElement, readOnly } from '../read/der.ts'
import { EncodingError } from '../read/encoding-error.ts'
import { fieldsOf } from '../read/fields.ts'
import { readGeneralNames } from '../read/general-name.ts'
import { defaultFalse } from '../read/values.ts'

/** What a CRL says it is about (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  /** URIs where the CRL is; null where it names its place in another way. */
  readonly uris: readonly string[] | null | undefined
  readonly onlyUsers: boolean
  readonly onlyAuthorities: boolean
  readonly onlyAttributes: boolean
  readonly onlySomeReasons: boolean
  readonly isIndirect: boolean
}

/** @throws EncodingError */
export function readIssuingDistributionPoint(element: DerElement): IssuingDistributionPoint {
  const fields = fieldsOf(element, 'issuingDistributionPoint')
  const flag = (number: number) =>
    defaultFalse(fields.optional(contextPrimitive(number)), 'issuingDistributionPoint')
  const point = fields.optional(contextConstructed(0))
  const onlyUsers = flag(1)
  const onlyAuthorities = flag(2)
  const onlySomeReasons = fields.optional(contextPrimitive(3)) !== undefined
  const isIndirect = flag(4)
  const onlyAttributes = flag(5)
  fields.end()
  if (element.content.length === 0) throw new EncodingError('issuingDistributionPoint is empty')
  const uris = point === undefined ? undefined : urisOf(readOnly(point.content))
  return { uris, onlyUsers, onlyAuthorities, onlyAttributes, onlySomeReasons, isIndirect }
}

function urisOf(name: DerElement): readonly string[] | null {
  if (name.tag !== contextConstructed(0)) return null
  return readGeneralNames(name, 'fullName', name.tag).flatMap((each) =>
    each.kind === 'uri' ? [each.text] : [],
  )
}
