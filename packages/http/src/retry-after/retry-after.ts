import { DAY, SECOND } from '@latchkey/core'
import { parseHttpDate } from './http-date.ts'

/** No upstream is asked to wait longer: whatever says so is wrong, or wants us gone for good. */
const RETRY_AFTER_MAX_MS = DAY

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3): delta-seconds or an HTTP-date.
 * @param now in milliseconds
 * @returns milliseconds from `now`, between 0 and a day; null where the header is absent or is neither form
 */
export function parseRetryAfter(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  // Any number of digits is a valid delta; an endless one becomes Infinity, which the ceiling takes in.
  const wait = /^\d+$/.test(text) ? Number(text) * SECOND : untilDate(text, now)
  return wait === null ? null : Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS)
}

function untilDate(text: string, now: number): number | null {
  const date = parseHttpDate(text, now)
  return date === null ? null : date - now
}
