import { type Fault, type Random, SECOND } from '@latchkey/core'

const BACKOFF_BASE_MS = 200
const BACKOFF_MAX_MS = 2 * SECOND
/** An upstream that asks for more than this is not waited for within a request. */
const PATIENCE_MS = 5 * SECOND

export interface RetryQuestion {
  readonly fault: Fault
  /** Attempts made so far, at least 1. */
  readonly made: number
  /** Whether sending again is harmless though nobody knows what came of the last time. */
  readonly repeatable: boolean
}

/**
 * How long to wait before the next attempt: exponential backoff with full jitter, never before the time that the
 * upstream itself named. Null where it is not to be sent again.
 */
export function pauseBeforeRetry(
  { fault, made, repeatable }: RetryQuestion,
  random: Random,
): number | null {
  if (!fault.retryable || !fault.code.startsWith('upstream_')) return null
  if (fault.effect !== 'no' && !repeatable) return null
  // One that is throttling, and does not say until when, counts every further request against us.
  if (fault.code === 'upstream_rate_limited' && fault.retryAfterMs === undefined) return null
  const named = fault.retryAfterMs ?? 0
  if (named > PATIENCE_MS) return null
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (made - 1))
  return named + Math.round(random.fraction() * ceiling)
}
