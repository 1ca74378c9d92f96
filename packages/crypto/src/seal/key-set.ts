import { SettingError } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { fromBase64Url, toBase64Url } from '../encoding.ts'

/** A symmetric key of a JWK set (RFC 7518 §6.4); a secret. */
export interface KeySetMember {
  readonly kty: 'oct'
  readonly k: string
  readonly kid: string
}

/** A JWK set (RFC 7517 §5) of key-encryption keys: the first seals, all open. */
export interface KeySet {
  readonly keys: readonly KeySetMember[]
}

export interface KeyEncryptionKey {
  readonly kid: string
  readonly bytes: Bytes
}

/** The `alg` of every key: AES-256 in GCM wraps the content key (RFC 7518 §4.7). */
export const KEY_ALGORITHM = 'A256GCMKW'

/** The setting that holds the set. */
const SETTING = 'LATCHKEY_KEYS'

const KEY_BYTES = 32
const KID_BYTES = 9
const MAX_KID_LENGTH = 128
const MAX_KEYS = 64

/** A fresh JWK set with one random key, as the local start writes it beside its data. */
export function generateKeyRing(): KeySet {
  const k = toBase64Url(crypto.getRandomValues(new Uint8Array(KEY_BYTES)))
  const kid = toBase64Url(crypto.getRandomValues(new Uint8Array(KID_BYTES)))
  return { keys: [{ kty: 'oct', k, kid }] }
}

/**
 * Reads a parsed JWK set. Unknown members are ignored, as RFC 7517 §4 wants.
 * @throws SettingError with one line that says which key is wrong and how; never with any of its content
 */
export function parseKeySet(jwks: unknown): readonly [KeyEncryptionKey, ...KeyEncryptionKey[]] {
  const members = isRecord(jwks) ? jwks['keys'] : null
  if (!Array.isArray(members)) throw wrong('must be a JWK set, {"keys": […]}')
  if (members.length > MAX_KEYS) throw wrong(`must have at most ${MAX_KEYS} keys`)
  const [first, ...rest] = members.map((member: unknown, index) => parseKey(member, index))
  if (first === undefined) throw wrong('must have at least one key')
  const names = [first, ...rest].map((key) => key.kid)
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index)
  if (repeated !== -1) throw wrong(`must have another keys[${repeated}].kid than those before it`)
  return [first, ...rest]
}

function parseKey(member: unknown, index: number): KeyEncryptionKey {
  if (!isRecord(member)) throw wrong(`must have an object at keys[${index}]`)
  const { kty, kid, k, alg, use } = member
  if (kty !== 'oct') throw wrong(`must have "oct" as keys[${index}].kty`)
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH) {
    throw wrong(`must have a text of 1 to ${MAX_KID_LENGTH} characters as keys[${index}].kid`)
  }
  if (alg !== undefined && alg !== KEY_ALGORITHM) {
    throw wrong(`must have "${KEY_ALGORITHM}" as keys[${index}].alg, or leave it out`)
  }
  if (use !== undefined && use !== 'enc') {
    throw wrong(`must have "enc" as keys[${index}].use, or leave it out`)
  }
  const bytes = typeof k === 'string' ? fromBase64Url(k) : null
  if (bytes?.length !== KEY_BYTES) {
    throw wrong(`must have ${KEY_BYTES} bytes in base64url as keys[${index}].k`)
  }
  return { kid, bytes }
}

function wrong(shouldBe: string): SettingError {
  return new SettingError(SETTING, shouldBe)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
