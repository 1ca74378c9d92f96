import type { Random } from '@latchkey/core'
import { sha256Hex } from './digest.ts'
import { toBase64Url } from './encoding.ts'

const PREFIX = 'lk_'

/** 256 bits: nobody guesses one, so a plain digest is enough to store it by. */
const TOKEN_BYTES = 32

/** A new Latchkey token: `lk_` and 43 base64url characters. It is shown once and never stored. */
export function mintToken(random: Random): string {
  return PREFIX + toBase64Url(random.bytes(TOKEN_BYTES))
}

/** What a token is stored and found by: the lower-case hex SHA-256 of its text. */
export function tokenDigest(token: string): Promise<string> {
  return sha256Hex(token)
}

/** Whether a text has the form of a Latchkey token; says nothing of whether it is one. */
export function isTokenShaped(text: string): boolean {
  return /^lk_[\w-]{43}$/.test(text)
}
