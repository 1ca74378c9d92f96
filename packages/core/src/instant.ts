/** A point in time: milliseconds since the Unix epoch. Only the wire uses RFC 3339 text. */
export type Instant = number

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Writes an instant as RFC 3339 in UTC, as every time in the HTTP contract is. */
export function toTimestamp(instant: Instant): string {
  return new Date(instant).toISOString()
}

/**
 * Whether a time that was set `spanMs` ahead has yet to come. One much further ahead was set before the clock went
 * back, and would be waited for as long as the clock went. Up to twice the span is believed: who set it may have a
 * clock that is ahead of ours, or have set it after our `now`.
 */
export function isAhead(until: Instant, now: Instant, spanMs: number): boolean {
  return now < until && until <= now + 2 * spanMs
}
