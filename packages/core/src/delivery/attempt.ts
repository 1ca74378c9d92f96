import { type Instant, isAhead, SECOND } from '../instant.ts'
import type { Random } from '../ports.ts'
import { type Attempt, ATTEMPTS_KEPT, type DeadReason, type DeliveryState } from './delivery.ts'
import { LONGEST_PAUSE_MS, nextAttempt } from './schedule.ts'

/** Longer than an attempt can take. */
const SENDING_MS = 30 * SECOND

const OK_MIN = 200
const OK_MAX = 299
const GONE = 410
/** Those whose Retry-After is for everything that is sent there. */
const THROTTLING: ReadonlySet<number> = new Set([429, 503])

/** What one attempt came to. */
export interface Outcome extends Attempt {
  readonly retryAfterMs: number | null
}

/** Begins an attempt; null where it is not the time for one, or somebody else has begun one. */
export function beginAttempt(state: DeliveryState, now: Instant): DeliveryState | null {
  const due = attemptDue(state, now)
  if (state.status !== 'pending' || due === null || due > now) return null
  if (isSending(state, now)) return null
  return { ...state, fence: state.fence + 1, sendingUntil: now + SENDING_MS }
}

/** When the next attempt is due; one that is further ahead than any pause was set before the clock went back. */
export function attemptDue({ nextAttemptAt }: DeliveryState, now: Instant): Instant | null {
  if (nextAttemptAt === null || isAhead(nextAttemptAt, now, LONGEST_PAUSE_MS)) return nextAttemptAt
  return Math.min(nextAttemptAt, now)
}

/** An end that is further ahead than any attempt takes was set before the clock went back. */
export function isSending({ sendingUntil }: DeliveryState, now: Instant): boolean {
  return sendingUntil !== null && now < sendingUntil && sendingUntil <= now + SENDING_MS
}

/** What becomes of a delivery by an attempt; null where the attempt is no longer the newest. */
export function concludeAttempt(
  state: DeliveryState,
  {
    fence,
    outcome,
    random,
  }: { readonly fence: number; readonly outcome: Outcome; readonly random: Random },
): DeliveryState | null {
  if (state.status !== 'pending' || state.fence !== fence) return null
  const { retryAfterMs, ...attempt } = outcome
  const now = attempt.at + attempt.durationMs
  const tries = state.tries + 1
  const tried = {
    ...state,
    tries,
    sendingUntil: null,
    attempts: [...state.attempts, attempt].slice(-ATTEMPTS_KEPT),
  }
  if (isAccepted(attempt)) {
    return { ...tried, status: 'delivered', nextAttemptAt: null, endedAt: now }
  }
  if (isGone(attempt)) return bury(tried, 'endpoint_disabled', now)
  const next = nextAttempt(random, { tries, now, asked: retryAfterMs ?? 0 })
  return next === null ? bury(tried, 'exhausted', now) : { ...tried, nextAttemptAt: next }
}

export function bury(state: DeliveryState, reason: DeadReason, now: Instant): DeliveryState {
  return {
    ...state,
    status: 'dead',
    reason,
    nextAttemptAt: null,
    sendingUntil: null,
    endedAt: now,
  }
}

export function isAccepted({ status }: Pick<Attempt, 'status'>): boolean {
  return status !== null && status >= OK_MIN && status <= OK_MAX
}

/** The receiver wants nothing any more. */
export function isGone({ status }: Pick<Attempt, 'status'>): boolean {
  return status === GONE
}

/** How long the receiver wants nothing at all; null where it did not say. */
export function pauseAsked({ status, retryAfterMs }: Outcome): number | null {
  return status !== null && THROTTLING.has(status) ? retryAfterMs : null
}
