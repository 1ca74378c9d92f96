import {
  type Bytes,
  compareBytes,
  contextConstructed,
  contextPrimitive,
  TAG,
  writeElement,
} from '@latchkey/crypto'

/** Bytes in DER, and whatever else a test wants to put in its place. */
export const der = writeElement

export function join(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text)

export const sequence = (...parts: readonly Uint8Array[]): Bytes => der(TAG.sequence, ...parts)
export const set = (...parts: readonly Uint8Array[]): Bytes =>
  der(TAG.set, ...parts.toSorted(compareBytes))
export const octetString = (...parts: readonly Uint8Array[]): Bytes =>
  der(TAG.octetString, ...parts)
export const bitString = (octets: Uint8Array, unused = 0): Bytes =>
  der(TAG.bitString, Uint8Array.of(unused), octets)
export const boolean = (value: boolean): Bytes => der(TAG.boolean, Uint8Array.of(value ? 0xff : 0))
export const nothing: Bytes = der(TAG.null)
export const utf8 = (text: string): Bytes => der(TAG.utf8String, ascii(text))
export const printable = (text: string): Bytes => der(TAG.printableString, ascii(text))
export const ia5 = (text: string): Bytes => der(TAG.ia5String, ascii(text))
export const utcTime = (text: string): Bytes => der(TAG.utcTime, ascii(text))
export const generalizedTime = (text: string): Bytes => der(TAG.generalizedTime, ascii(text))
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Bytes =>
  der(contextConstructed(number), ...parts)
export const implicit = (number: number, content: Uint8Array | string): Bytes =>
  der(contextPrimitive(number), typeof content === 'string' ? ascii(content) : content)

/** An INTEGER from a small number, or from its octets as they are. */
export function integer(value: number | Uint8Array): Bytes {
  if (typeof value !== 'number') return der(TAG.integer, value)
  const octets: number[] = [value & 0xff]
  for (let rest = value >> 8; rest > 0; rest >>= 8) octets.unshift(rest & 0xff)
  if ((octets[0] ?? 0) >= 0x80) octets.unshift(0)
  return der(TAG.integer, Uint8Array.from(octets))
}

export function oid(dotted: string): Bytes {
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(TAG.objectIdentifier, ...[top * 40 + second, ...rest].map(arc))
}

function arc(value: number): Bytes {
  const octets = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 + (rest % 128))
  }
  return Uint8Array.from(octets)
}
