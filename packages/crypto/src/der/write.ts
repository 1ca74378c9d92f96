import { type Bytes, concat } from '../bytes.ts'
import { TAG } from './element.ts'

/** One element in DER; the parts are its content, one after the other. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const content = concat(...parts)
  return concat(Uint8Array.of(tag, ...lengthOctets(content.length)), content)
}

/** A positive INTEGER from its octets, which have no leading zero. */
export function integer(octets: Bytes): Bytes {
  const sign = (octets[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array()
  return element(TAG.integer, sign, octets)
}

/** A BIT STRING of whole octets. */
export function bitString(octets: Bytes): Bytes {
  return element(TAG.bitString, Uint8Array.of(0), octets)
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 + octets.length, ...octets]
}
