import type { DialectShapes } from '@latchkey/core'

/** The one parameter of a write, and a field of every read. */
export const KEY_FIELD = 'business_public_key'
export const STATUS_FIELD = 'business_public_key_signature_status'

/**
 * A key in the two fields that Meta has for it. Its status is one of two words: what nobody can say is left out, so
 * that no program takes it for either.
 */
export function toldKey({
  publicKey,
  status,
}: DialectShapes['encryptionKey.read']['output']): Readonly<Record<string, string>> {
  const isTold = status === 'valid' || status === 'mismatch'
  return {
    ...(publicKey === null ? {} : { [KEY_FIELD]: publicKey.trimEnd() }),
    ...(isTold ? { [STATUS_FIELD]: status.toUpperCase() } : {}),
  }
}
