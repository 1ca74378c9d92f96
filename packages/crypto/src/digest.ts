import { loadedOnce } from '@latchkey/core'
import type { Bytes } from './bytes.ts'
import { requireWellFormed, toUtf8 } from './encoding.ts'

/** workerd takes milliseconds to load it, for which whoever wakes a Worker without a token need not wait. */
const nodeCrypto = loadedOnce(() => import('node:crypto'))

/** Left as it is: `node:crypto` encodes a text as UTF-8 in less time than it takes to hand it the bytes. */
function hashable(data: string | Bytes): string | Bytes {
  if (typeof data === 'string') requireWellFormed(data)
  return data
}

/**
 * SHA-256 (FIPS 180-4) of the bytes, or of the text's UTF-8: 64 characters of lower-case hex. WebCrypto would do so few
 * bytes on another thread, which takes many times as long as the digest.
 */
export async function sha256Hex(data: string | Bytes): Promise<string> {
  const { hash } = await nodeCrypto()
  return hash('sha256', hashable(data))
}

/**
 * HMAC-SHA-256 (RFC 2104) of the data: 32 bytes. Text counts as its UTF-8. On this thread, as `sha256Hex`.
 * @throws TypeError where the key is empty, with which everybody could make the same
 */
export async function hmacSha256(key: string | Bytes, data: string | Bytes): Promise<Bytes> {
  if (key.length === 0) throw new TypeError('Cannot compute HMAC: the key is empty')
  const { createHmac } = await nodeCrypto()
  return new Uint8Array(createHmac('sha256', hashable(key)).update(hashable(data)).digest())
}

/**
 * Compares without telling by its time where the first difference is. Other lengths are unequal, and which
 * length was expected shows no earlier than anything else.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  const length = Math.max(a.length, b.length)
  for (let index = 0; index < length; index++) {
    difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  }
  return difference === 0
}

/** `constantTimeEqual` over the UTF-8 of two texts, as for hex digests and tokens. */
export function constantTimeEqualText(a: string, b: string): boolean {
  return constantTimeEqual(toUtf8(a), toUtf8(b))
}
