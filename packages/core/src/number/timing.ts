import { MINUTE, SECOND, type Instant } from '../instant.ts'
import type { Doubt, NumberState, Writing } from './state.ts'

/** The time of a write with its logins and two reads of it back: none of their calls begins that could end after it. */
export const WRITE_LEASE_MS = 100 * SECOND

/** The end of the lease is for committing what came of the write. */
export const CONCLUDE_MS = 5 * SECOND

/** A write whose answer was lost may still arrive at the upstream within this time. */
export const DOUBT_MS = 5 * MINUTE

/** When the first look at an unknown outcome is due. */
export const FIRST_LOOK_MS = 30 * SECOND

/** A queued intent whose requester has not taken its turn by then has lost its requester. */
export const QUEUE_PATIENCE_MS = 45 * SECOND

/** Resends of one intent while in doubt; then it is left as it is and told. */
export const RESENDS_MAX = 12

const LATER_LOOK_MS = 5 * MINUTE
const LATEST_LOOK_MS = 60 * MINUTE

/**
 * The write that is in flight, as far as its lease tells. One that ends far later than a lease is long was made before
 * the clock went back: to believe it would hold the number for as long as the clock went.
 */
export function inFlight({ writing }: Pick<NumberState, 'writing'>, now: Instant): Writing | null {
  if (writing === null || now >= writing.leaseUntil) return null
  return writing.leaseUntil <= now + 2 * WRITE_LEASE_MS ? writing : null
}

/** Whether every delayed write of this doubt must have landed by now. */
export function settled(doubt: Doubt, now: Instant): boolean {
  return now >= doubt.since + DOUBT_MS
}

/** The doubt after a look at `now`: the next is due when all must have landed, and from then ever more slowly. */
export function looked(doubt: Doubt, now: Instant): Doubt {
  const checks = doubt.checks + 1
  const later = now + Math.min(LATER_LOOK_MS * 2 ** (checks - 1), LATEST_LOOK_MS)
  return { ...doubt, checks, due: settled(doubt, now) ? later : doubt.since + DOUBT_MS }
}
