import type { Bytes } from '../bytes.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { type DerElement, readElements, TAG } from './element.ts'

/** @throws KeyFormatError where the element is missing or of another type; `what` names it in the message */
export function contentOf(element: DerElement | undefined, tag: number, what: string): Bytes {
  if (element?.tag !== tag) throw new KeyFormatError(`${what} is missing or of the wrong type`)
  return element.content
}

/** The members of a SEQUENCE. @throws KeyFormatError */
export function membersOf(element: DerElement | undefined, what: string): readonly DerElement[] {
  return readElements(contentOf(element, TAG.sequence, what))
}

/**
 * The octets of a positive INTEGER, without the zero that keeps its sign.
 * @throws KeyFormatError where it is zero, negative or not in its shortest form (X.690 §8.3.2)
 */
export function positiveInteger(element: DerElement | undefined, what: string): Bytes {
  const content = contentOf(element, TAG.integer, what)
  const [first, second = 0] = content
  if (first === undefined) throw new KeyFormatError(`${what} is empty`)
  if (first >= 0x80) throw new KeyFormatError(`${what} is negative`)
  if (first > 0) return content
  if (content.length === 1) throw new KeyFormatError(`${what} is zero`)
  if (second < 0x80) throw new KeyFormatError(`${what} is not minimally encoded`)
  return content.subarray(1)
}

/** The octets of a BIT STRING that ends on a whole octet. @throws KeyFormatError */
export function wholeOctets(element: DerElement | undefined, what: string): Bytes {
  const content = contentOf(element, TAG.bitString, what)
  if (content[0] !== 0) throw new KeyFormatError(`${what} has unused bits`)
  return content.subarray(1)
}

/** Whether the element is NULL, which has no content (X.690 §8.8). */
export function isNull(element: DerElement | undefined): boolean {
  return element?.tag === TAG.null && element.content.length === 0
}

/**
 * An OBJECT IDENTIFIER in dotted form.
 * @throws KeyFormatError where an arc is not minimal, cut off or beyond 2^53 (X.690 §8.19)
 */
export function objectIdentifier(element: DerElement | undefined, what: string): string {
  const content = contentOf(element, TAG.objectIdentifier, what)
  const arcs: number[] = []
  let arc = 0
  let open = false
  for (const octet of content) {
    if (!open && octet === 0x80) throw new KeyFormatError(`${what} is not minimally encoded`)
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw new KeyFormatError(`${what} is too large`)
    open = octet >= 0x80
    if (!open) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [root, ...rest] = arcs
  if (root === undefined || open) throw new KeyFormatError(`${what} is cut off`)
  // The first two arcs share a number; below the roots 0 and 1 there are only 40 (X.690 §8.19.4).
  const top = Math.min(Math.floor(root / 40), 2)
  return [top, root - top * 40, ...rest].join('.')
}
