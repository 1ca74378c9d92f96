import type { Bytes } from '../bytes.ts'
import { type DerElement, readElements, TAG } from './element.ts'
import { EncodingError } from './encoding-error.ts'

/** An element as far as its value goes. */
type Value = Pick<DerElement, 'tag' | 'content'>

/** @throws EncodingError where the element is missing or of another type; `what` names it in the message */
export function contentOf(element: Value | undefined, tag: number, what: string): Bytes {
  if (element?.tag !== tag) throw new EncodingError(`${what} is missing or of the wrong type`)
  return element.content
}

/** The members of a SEQUENCE. @throws EncodingError */
export function membersOf(element: DerElement | undefined, what: string): readonly DerElement[] {
  return readElements(contentOf(element, TAG.sequence, what))
}

/** @throws EncodingError where the content of a BOOLEAN is neither 00 nor FF (X.690 §11.1) */
export function booleanOf(content: Bytes, what: string): boolean {
  const [octet] = content
  if (content.length !== 1 || (octet !== 0 && octet !== 0xff)) {
    throw new EncodingError(`${what} is not a BOOLEAN in DER`)
  }
  return octet === 0xff
}

/** The content of an INTEGER, in two's complement. @throws EncodingError where not minimal (X.690 §8.3.2) */
export function twosComplement(content: Bytes, what: string): Bytes {
  const [first, second = 0] = content
  if (first === undefined) throw new EncodingError(`${what} is an INTEGER without octets`)
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)
  if (content.length > 1 && padded) throw new EncodingError(`${what} is not minimally encoded`)
  return content
}

/** Enough for lengths of paths and salts, policy counters and versions, none of which is near. */
const MAX_SMALL_OCTETS = 4

/** The content of a small INTEGER that is not negative. @throws EncodingError */
export function smallInteger(content: Bytes, what: string): number {
  const octets = twosComplement(content, what)
  if ((octets[0] ?? 0) >= 0x80) throw new EncodingError(`${what} is negative`)
  if (octets.length > MAX_SMALL_OCTETS) throw new EncodingError(`${what} is too large`)
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/**
 * The octets of a positive INTEGER, without the zero that keeps its sign.
 * @throws EncodingError where it is zero, negative or not in its shortest form (X.690 §8.3.2)
 */
export function positiveInteger(element: DerElement | undefined, what: string): Bytes {
  const octets = twosComplement(contentOf(element, TAG.integer, what), what)
  const [first = 0] = octets
  if (first >= 0x80) throw new EncodingError(`${what} is negative`)
  if (first > 0) return octets
  if (octets.length === 1) throw new EncodingError(`${what} is zero`)
  return octets.subarray(1)
}

/** The octets of a BIT STRING that ends on a whole octet. @throws EncodingError */
export function wholeOctets(element: Value | undefined, what: string): Bytes {
  const content = contentOf(element, TAG.bitString, what)
  if (content[0] !== 0) throw new EncodingError(`${what} has unused bits`)
  return content.subarray(1)
}

/** Whether the element is NULL, which has no content (X.690 §8.8). */
export function isNull(element: DerElement | undefined): boolean {
  return element?.tag === TAG.null && element.content.length === 0
}

/** An OBJECT IDENTIFIER in dotted form. @throws EncodingError */
export function objectIdentifier(element: DerElement | undefined, what: string): string {
  return dotted(contentOf(element, TAG.objectIdentifier, what), what)
}

/**
 * The content of an OBJECT IDENTIFIER in dotted form.
 * @throws EncodingError where an arc is not minimal, cut off or beyond 2^53 (X.690 §8.19)
 */
export function dotted(content: Bytes, what: string): string {
  const arcs: number[] = []
  let arc = 0
  let open = false
  for (const octet of content) {
    if (!open && octet === 0x80) throw new EncodingError(`${what} is not minimally encoded`)
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw new EncodingError(`${what} is too large`)
    open = octet >= 0x80
    if (!open) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [root, ...rest] = arcs
  if (root === undefined || open) throw new EncodingError(`${what} is cut off`)
  // The first two arcs share a number; below the roots 0 and 1 there are only 40 (X.690 §8.19.4).
  const top = Math.min(Math.floor(root / 40), 2)
  return [top, root - top * 40, ...rest].join('.')
}
