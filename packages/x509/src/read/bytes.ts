import type { Bytes } from '@latchkey/crypto'

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index])
}

/** Octets as the schemas hold them. */
export function bytesOf(buffer: ArrayBuffer): Bytes {
  return new Uint8Array(buffer)
}
