import type { Bytes } from '@latchkey/crypto'
import type { DerElement } from './der.ts'
import { EncodingError } from './encoding-error.ts'

// The readers of this file look at the content alone: IMPLICIT tagging gives a type another tag.

/** @throws EncodingError where it is neither 00 nor FF (X.690 §11.1) */
export function booleanOf({ content }: DerElement, what: string): boolean {
  const [octet] = content
  if (content.length !== 1 || (octet !== 0 && octet !== 0xff)) {
    throw new EncodingError(`${what} is not a BOOLEAN in DER`)
  }
  return octet === 0xff
}

/** A BOOLEAN that is FALSE by default, so DER leaves FALSE out (X.690 §11.5). @throws EncodingError */
export function defaultFalse(element: DerElement | undefined, what: string): boolean {
  if (element === undefined) return false
  if (!booleanOf(element, what)) throw new EncodingError(`${what} is FALSE, the default, in full`)
  return true
}

/** The octets of an INTEGER in two's complement. @throws EncodingError where not minimal (X.690 §8.3.2) */
export function integerOctets({ content }: DerElement, what: string): Bytes {
  const [first, second = 0] = content
  if (first === undefined) throw new EncodingError(`${what} is an INTEGER without octets`)
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)
  if (content.length > 1 && padded) throw new EncodingError(`${what} is not minimally encoded`)
  return content
}

/** Enough for path lengths, policy counters and versions, none of which is near. */
const MAX_SMALL_OCTETS = 4

/** A small INTEGER that is not negative. @throws EncodingError */
export function smallInteger(element: DerElement, what: string): number {
  const octets = integerOctets(element, what)
  if ((octets[0] ?? 0) >= 0x80) throw new EncodingError(`${what} is negative`)
  if (octets.length > MAX_SMALL_OCTETS) throw new EncodingError(`${what} is too large`)
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** The octets of a positive INTEGER, without the zero that keeps its sign. @throws EncodingError */
export function positiveOctets(element: DerElement, what: string): Bytes {
  const octets = integerOctets(element, what)
  const [first = 0] = octets
  if (first >= 0x80) throw new EncodingError(`${what} is negative`)
  if (first > 0) return octets
  if (octets.length === 1) throw new EncodingError(`${what} is zero`)
  return octets.subarray(1)
}

/** The octets of a BIT STRING that ends on a whole octet. @throws EncodingError */
export function wholeOctets({ content }: DerElement, what: string): Bytes {
  if (content[0] !== 0) throw new EncodingError(`${what} has unused bits`)
  return content.subarray(1)
}

/** The numbers of the bits that are set in a named-bit list. @throws EncodingError (X.690 §11.2) */
export function namedBits({ content }: DerElement, what: string): ReadonlySet<number> {
  const [unused, ...octets] = content
  const last = octets.at(-1)
  if (unused === undefined || unused > 7 || (last === undefined && unused > 0)) {
    throw new EncodingError(`${what} is not a BIT STRING`)
  }
  // DER drops trailing zero bits, so the last bit that is used is set and those after it are not.
  if (last !== undefined && (last & ((2 << unused) - 1)) !== 1 << unused) {
    throw new EncodingError(`${what} has trailing zero bits or unused bits that are set`)
  }
  const bits = new Set<number>()
  octets.forEach((octet, index) => {
    for (let bit = 0; bit < 8; bit++) if ((octet & (0x80 >> bit)) !== 0) bits.add(index * 8 + bit)
  })
  return bits
}

/** @throws EncodingError where an arc is not minimal, cut off or beyond 2^53 (X.690 §8.19) */
export function objectIdentifier({ content }: DerElement, what: string): string {
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

/** The text of an IA5String. @throws EncodingError where an octet is not ASCII */
export function ia5Text({ content }: DerElement, what: string): string {
  if (content.some((octet) => octet >= 0x80)) throw new EncodingError(`${what} is not ASCII`)
  return latin1(content)
}

/** One character for each octet. */
export function latin1(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join('')
}
