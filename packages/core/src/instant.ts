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
