import type { Bytes } from './bytes.ts'

const encoder = new TextEncoder()

/** Refuses text that is not well-formed UTF-16: two such texts would encode alike. @throws TypeError */
export function requireWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new TypeError('Cannot encode text: it has a lone surrogate')
}

/** UTF-8. @throws TypeError where the text has a lone surrogate */
export function toUtf8(text: string): Bytes {
  requireWellFormed(text)
  return encoder.encode(text)
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  // Every request is authenticated by a digest in hex: an array of its bytes would take longer than the digest.
  let text = ''
  for (const byte of bytes) text += HEX[byte] ?? ''
  return text
}

/** Base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Reads base64 in its one canonical spelling: padded, no whitespace, unused bits zero (RFC 4648 §3.5).
 * Null for anything else; `atob` alone would let two texts stand for the same bytes.
 */
export function fromBase64(text: string): Bytes | null {
  const bytes = decode(text)
  return bytes !== null && toBase64(bytes) === text ? bytes : null
}

/** Reads canonical base64url without padding (RFC 4648 §5); null for anything else. */
export function fromBase64Url(text: string): Bytes | null {
  const bytes = decode(text.replaceAll('-', '+').replaceAll('_', '/'))
  return bytes !== null && toBase64Url(bytes) === text ? bytes : null
}

function decode(text: string): Bytes | null {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index)
    return bytes
  } catch {
    return null
  }
}
