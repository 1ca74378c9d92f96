import { MINUTE } from '@latchkey/core'

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/

/**
 * Reads `expires_after`, which a deployment writes as `2021-07-25 08:50:48+00:00`: with a space, which `Date` reads
 * otherwise on each engine. RFC 3339's own `T` and `Z` are taken too.
 * @returns milliseconds since the epoch; null for any other text and for days and times that there are not
 */
export function parseExpiry(text: string): number | null {
  const match = FORM.exec(text)
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number)
  const offsetHour = Number(match[8] ?? 0)
  const offsetMinute = Number(match[9] ?? 0)
  const midnight = new Date(Date.UTC(year, month - 1, day))
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null
  if (offsetHour > 23 || offsetMinute > 59) return null
  const sign = match[7] === '-' ? -1 : 1
  const offset = sign * (offsetHour * 60 + offsetMinute) * MINUTE
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset
}

/** The same, as a real client writes it. */
export function writeExpiry(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')}+00:00`
}
