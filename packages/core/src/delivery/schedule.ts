import { HOUR, type Instant, MINUTE, SECOND } from '../instant.ts'
import type { Random } from '../ports.ts'

/**
 * The pauses before each further attempt, after the first; the example of Standard Webhooks 1.0 ("Deliverability and
 * reliability"), which spans three days.
 */
export const RETRY_DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** A pause is longer by up to this part of it, so that what failed together is not tried together. */
const JITTER = 0.1

/** No pause is longer: neither those of the schedule nor, as a courier understands it, what a receiver asks for. */
export const LONGEST_PAUSE_MS = 24 * HOUR * (1 + JITTER)

/**
 * When to try again after so many attempts, never sooner than the receiver asked; null where there is no further one.
 * @param asked how long the receiver wants to be left alone, in milliseconds
 */
export function nextAttempt(
  random: Random,
  { tries, now, asked }: { readonly tries: number; readonly now: Instant; readonly asked: number },
): Instant | null {
  const delay = RETRY_DELAYS_MS[tries - 1]
  if (delay === undefined) return null
  return now + Math.round(Math.max(delay, asked) + delay * JITTER * random.fraction())
}
