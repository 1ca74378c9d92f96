import type { Bytes } from '../bytes.ts'
import { constantTimeEqual, constantTimeEqualText, hmacSha256 } from '../digest.ts'
import { fromBase64, toHex } from '../encoding.ts'

const HUB_SCHEME = 'sha256='

/**
 * Whether a body's `X-Hub-Signature-256`, `sha256=` and lower-case hex, was made with one of the secrets (Graph API,
 * "Webhooks: Getting started"). The body has to be the bytes that came.
 */
export async function verifyHubSignature(
  signature: string,
  body: Bytes,
  secrets: readonly string[],
): Promise<boolean> {
  if (!signature.startsWith(HUB_SCHEME)) return false
  const given = signature.slice(HUB_SCHEME.length)
  const expected = await macsOf(body, secrets)
  return expected.filter((mac) => constantTimeEqualText(toHex(mac), given)).length > 0
}

/** Whether the base64 of HMAC-SHA-256 over a body was made with one of the secrets. */
export async function verifyBase64Mac(
  signature: string,
  body: Bytes,
  secrets: readonly string[],
): Promise<boolean> {
  const given = fromBase64(signature)
  if (given === null) return false
  const expected = await macsOf(body, secrets)
  return expected.filter((mac) => constantTimeEqual(mac, given)).length > 0
}

/** By an empty secret anybody could sign: it makes none. */
function macsOf(body: Bytes, secrets: readonly string[]): Promise<readonly Bytes[]> {
  const usable = secrets.filter((secret) => secret !== '')
  return Promise.all(usable.map((secret) => hmacSha256(secret, body)))
}
