import { type DerElement, TAG } from './der.ts'
import { fieldsOf } from './fields.ts'
import type { Bytes } from '@latchkey/crypto'
import { objectIdentifier } from './values.ts'

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface Algorithm {
  readonly oid: string
  readonly parameters: DerElement | undefined
  readonly raw: Bytes
}

/** What parameters are in any algorithm in use; others are unknown members. */
const PARAMETER_TAGS = [TAG.null, TAG.sequence, TAG.objectIdentifier] as const

/** @throws EncodingError */
export function readAlgorithm(element: DerElement, what: string): Algorithm {
  const fields = fieldsOf(element, what)
  const oid = objectIdentifier(fields.take(TAG.objectIdentifier, 'algorithm'), what)
  const parameters = fields.optional(...PARAMETER_TAGS)
  fields.end()
  return { oid, parameters, raw: element.raw }
}
