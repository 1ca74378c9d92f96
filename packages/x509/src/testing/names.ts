import type { Bytes } from '@latchkey/crypto'
import { parseAddress } from '../names/ip.ts'
import { ATTRIBUTE } from '../read/oid.ts'
import { explicit, ia5, implicit, join, oid, sequence, set, utf8 } from './der.ts'

/** A distinguished name with one common name. */
export const commonName = (text: string): Bytes => nameOf([ATTRIBUTE.commonName, utf8(text)])

/** A name of one attribute a part: its type, and its value in DER. */
export function nameOf(...attributes: readonly (readonly [string, Uint8Array])[]): Bytes {
  return sequence(...attributes.map(([type, value]) => set(sequence(oid(type), value))))
}

export const emailAddress = (text: string): readonly [string, Bytes] => [
  ATTRIBUTE.emailAddress,
  ia5(text),
]

/** GeneralNames, one each. */
export const dns = (text: string): Bytes => implicit(2, text)
export const email = (text: string): Bytes => implicit(1, text)
export const uri = (text: string): Bytes => implicit(6, text)
export const directory = (name: Uint8Array): Bytes => explicit(4, name)
export const otherName = (type: string): Bytes => explicit(0, oid(type), explicit(0, utf8('x')))

/** An address, or for constraints an address and its mask. */
export function ip(...texts: readonly string[]): Bytes {
  return implicit(7, join(...texts.map((text) => parseAddress(text) ?? new Uint8Array())))
}
