import { type Bytes, concat } from '../bytes.ts'
import { type DerElement, readElements, readOnly } from '../der/element.ts'
import { element } from '../der/write.ts'
import { findBlocks } from '../pem/blocks.ts'
import { decodeBody } from '../pem/body.ts'

/** The DER of a PEM file's one block. */
export function derOf(pem: string): Bytes {
  return decodeBody(findBlocks(pem)[0]?.body ?? '').bytes
}

/** What stands between the element that is replaced and the whole: the number of each member on the way. */
export type Path = readonly number[]

/** The DER with the element at `path` replaced; what encloses it gets its new length. */
export function replaced(der: Bytes, path: Path, change: (old: DerElement) => Bytes): Bytes {
  const root = readOnly(der)
  const [at, ...rest] = path
  if (at === undefined) return change(root)
  const members = readElements(root.content).map(({ tag, content }, index) => {
    const member = element(tag, content)
    return index === at ? replaced(member, rest, change) : member
  })
  return element(root.tag, ...members)
}

/** The bytes with one bit turned. */
export function flipped(bytes: Bytes, at: number, bit: number): Bytes {
  const copy = concat(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}
