import type { Random } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { fromBase64, toBase64 } from '../encoding.ts'

const PREFIX = 'whsec_'

/** Standard Webhooks 1.0, "Signature scheme": 24 to 64 bytes. */
const SECRET_BYTES_MIN = 24
const SECRET_BYTES_MAX = 64
const SECRET_BYTES = 32

/** A new secret of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export function mintWebhookSecret(random: Random): string {
  return PREFIX + toBase64(random.bytes(SECRET_BYTES))
}

/** What a secret signs with. @throws TypeError where the text is no secret, never with any of it */
export function webhookKeyOf(secret: string): Bytes {
  const key = secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : null
  if (key === null || key.length < SECRET_BYTES_MIN || key.length > SECRET_BYTES_MAX) {
    throw new TypeError('Cannot use webhook secret: expected whsec_ and 24 to 64 bytes in base64')
  }
  return key
}
