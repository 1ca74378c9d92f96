import {
  type Bytes,
  type DerElement,
  EncodingError,
  membersOf,
  objectIdentifier,
} from '@latchkey/crypto'

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface Algorithm {
  readonly oid: string
  readonly parameters: DerElement | undefined
  readonly raw: Bytes
}

/** @throws EncodingError */
export function readAlgorithm(element: DerElement | undefined, what: string): Algorithm {
  const [type, parameters, ...more] = membersOf(element, what)
  if (element === undefined || more.length > 0) {
    throw new EncodingError(`${what} has members that are unknown`)
  }
  return { oid: objectIdentifier(type, what), parameters, raw: element.raw }
}
