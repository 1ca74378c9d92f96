import { type Effect, Fault, type FaultCode, FAULTS, type UpstreamResponse } from '@latchkey/core'
import { parseRetryAfter } from '@latchkey/http'
import { boundedText, identifier } from './vendor-text.ts'

/** What an answer that is not a success means to Latchkey. */
export interface Verdict {
  readonly code: Extract<FaultCode, `upstream_${string}`>
  /** Ends the sentence "Cannot …: " with what is wrong and what helps, for the person who gets paged. */
  readonly reason: string
  /** Set where this answer knows better than its code. */
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  /** Whether a write that was answered so may have been done all the same; `no` where left out. */
  readonly effect?: Effect
}

/** The call that an answer belongs to. */
export interface Call {
  /** Completes "Cannot …". */
  readonly action: string
  readonly writes: boolean
  /** Credentials that an upstream's text might repeat. */
  readonly secrets: readonly string[]
}

/** What the vendor itself said, still in its own spelling. */
export interface VendorWords {
  readonly code?: string | number | null | undefined
  readonly message?: string | null | undefined
  readonly requestId?: string | null | undefined
}

/**
 * The fault for an answer: the verdict's, with the vendor's own words bounded and freed of secrets. A call that only
 * reads has no effect, whatever the verdict says of writes.
 */
export function toFault(
  call: Call,
  response: UpstreamResponse,
  verdict: Verdict,
  words: VendorWords = {},
): Fault {
  const code = identifier(words.code, call.secrets)
  const message = boundedText(words.message, call.secrets)
  const requestId = identifier(words.requestId, call.secrets)
  const retryable = verdict.retryable ?? FAULTS[verdict.code].retryable
  const wait = Math.max(
    verdict.retryAfterMs ?? 0,
    parseRetryAfter(response.headers, response.at) ?? 0,
  )
  return new Fault(verdict.code, `Cannot ${call.action}: ${verdict.reason}`, {
    upstream: {
      status: response.status,
      ...(code === null ? {} : { code }),
      ...(message === null ? {} : { message }),
      ...(requestId === null ? {} : { requestId }),
    },
    retryable,
    ...(retryable && wait > 0 ? { retryAfterMs: wait } : {}),
    effect: call.writes ? (verdict.effect ?? 'no') : 'no',
  })
}
