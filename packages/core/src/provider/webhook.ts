import type { Instant } from '../instant.ts'
import type { JsonObject } from '../ledger/ledger.ts'

/** What is known of a provider's webhooks before its code is loaded. */
export interface WebhookDescription {
  /** Where they are taken: `/v1/webhooks/{address}/{connectionId}`. */
  readonly address: string
  readonly title: string
  /** The header with the signature over the body, in lower case. */
  readonly signatureHeader: string
  /** Whether it asks with a GET, before it sends anything, whether this is the right place. */
  readonly greets: boolean
  /** No body is longer. */
  readonly bodyMaxBytes: number
  /** The account whose notices a connection takes wherever they are sent to; null: only what is sent to itself. */
  accountOf(config: JsonObject): string | null
}

/** Something that a provider tells, as far as it matters here. */
export interface Notice {
  /** What is to be done about it. */
  readonly kind: 'check-numbers' | 'refresh-certificates'
  /** Whom it is about; null: the connection that it was sent to. */
  readonly account: string | null
  /** The same for the same notice sent again, in another batch too: 80 bits of SHA-256 in hex. */
  readonly digest: string
  /** What it is, for the audit log. */
  readonly reason: string
  /** When it was sent, where the provider's clock is to be believed. */
  readonly sentAt: Instant | null
}

/** Takes what a provider sends: pure. Credentials have passed the provider's schema. */
export interface WebhookReceiver {
  /** What connections with these credentials verify by; empty: they take nothing. */
  secretsOf(credentials: unknown): readonly string[]
  /** Whether these very bytes were signed with one of the secrets. */
  verify(
    signature: string,
    body: Uint8Array<ArrayBuffer>,
    secrets: readonly string[],
  ): Promise<boolean>
  /** What answers the question whether this is the right place; null: it is not, or nobody asked. */
  greet?(query: URLSearchParams, credentials: unknown): string | null
  /**
   * The notices that matter, of a body that was verified. What is unknown is passed over.
   * @throws Fault invalid_request where it is not what the provider sends at all
   */
  read(body: Uint8Array<ArrayBuffer>): Promise<readonly Notice[]>
}
