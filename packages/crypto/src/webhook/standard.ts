import { type Instant, MINUTE, SECOND } from '@latchkey/core'
import { concat, type Bytes } from '../bytes.ts'
import { constantTimeEqual, hmacSha256 } from '../digest.ts'
import { fromBase64, toBase64, toUtf8 } from '../encoding.ts'
import { webhookKeyOf } from './secret.ts'

/** How far the sender's clock may be from ours, either way: what the reference libraries allow. */
const TOLERANCE_MS = 5 * MINUTE

/** A message has one for each secret that is live, and few secrets are. */
const SIGNATURES_MAX = 8
const SCHEME = 'v1,'

/** Visible ASCII without the full stop that ends it in what is signed: else one message could pass for another. */
const MESSAGE_ID = /^[!-\-/-~]{1,256}$/
/** Seconds, in the one spelling that a number has. */
const TIMESTAMP = /^(?:0|[1-9]\d{0,11})$/

export interface WebhookMessage {
  /** The same at each attempt. */
  readonly id: string
  /** When this attempt is made; whole seconds of it are sent. */
  readonly at: Instant
  /** Exactly as it is sent. */
  readonly body: string | Bytes
}

export type WebhookVerdict =
  | { readonly verdict: 'genuine'; readonly id: string }
  /** Signed by who has a secret, but at another time than now: perhaps sent again by somebody else. */
  | { readonly verdict: 'stale' }
  | { readonly verdict: 'forged' }

/**
 * The headers of a message as Standard Webhooks 1.0 has them, signed with each secret (`whsec_…`) that is live.
 * @throws TypeError for an id that could not be told from what follows it, and for what is no secret
 */
export async function signWebhook(
  { id, at, body }: WebhookMessage,
  secrets: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (!MESSAGE_ID.test(id)) {
    throw new TypeError('Cannot sign webhook: its id has to be visible ASCII without full stops')
  }
  const timestamp = String(Math.floor(at / SECOND))
  const signatures = await signaturesOf(contentOf(id, timestamp, body), secrets)
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((each) => SCHEME + toBase64(each)).join(' '),
  }
}

/**
 * Whether a message is from somebody who has one of the secrets (`whsec_…`), and not more than five minutes old or
 * ahead. Its body has to be the bytes that came: written anew they say the same, and are signed by nobody.
 * @throws TypeError for what is no secret
 */
export async function verifyWebhook(
  { headers, body }: { readonly headers: Headers; readonly body: Bytes },
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: Instant },
): Promise<WebhookVerdict> {
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  if (!MESSAGE_ID.test(id) || !TIMESTAMP.test(timestamp)) return { verdict: 'forged' }
  const given = givenSignatures(headers.get('webhook-signature') ?? '')
  if (given.length === 0) return { verdict: 'forged' }
  const expected = await signaturesOf(contentOf(id, timestamp, body), secrets)
  // All are compared, so that the time tells neither which one matched nor how many secrets there are to match.
  const matching = expected.flatMap((one) => given.filter((other) => constantTimeEqual(one, other)))
  if (matching.length === 0) return { verdict: 'forged' }
  if (Math.abs(now - Number(timestamp) * SECOND) > TOLERANCE_MS) return { verdict: 'stale' }
  return { verdict: 'genuine', id }
}

/** Those of a scheme that is known; a message may carry others (asymmetric ones are `v1a`). */
function givenSignatures(header: string): readonly Bytes[] {
  return header
    .split(' ', SIGNATURES_MAX)
    .map((part) => (part.startsWith(SCHEME) ? fromBase64(part.slice(SCHEME.length)) : null))
    .filter((signature) => signature !== null)
}

function signaturesOf(content: Bytes, secrets: readonly string[]): Promise<readonly Bytes[]> {
  return Promise.all(secrets.map((secret) => hmacSha256(webhookKeyOf(secret), content)))
}

function contentOf(id: string, timestamp: string, body: string | Bytes): Bytes {
  return concat(toUtf8(`${id}.${timestamp}.`), typeof body === 'string' ? toUtf8(body) : body)
}
