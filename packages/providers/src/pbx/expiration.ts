import { HOUR, MINUTE, SECOND } from '@latchkey/core'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NUMERIC =
  /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?(?:Z|([-+]\d\d):(\d\d))?)?$/i
const OPENSSL = /^([a-z]{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) GMT$/i
const EPOCH = /^\d{9,11}$/

/**
 * Reads `expiration`, a string of which no page tells the format: dates with dashes or slashes, RFC 3339, OpenSSL's
 * own, and seconds since 1970. Without a time zone it is taken for UTC.
 * @returns milliseconds since 1970; null for any other text, and for days that there are not
 */
export function parseExpiration(given: string | number | null | undefined): number | null {
  const text = String(given ?? '').trim()
  if (EPOCH.test(text)) return Number(text) * SECOND
  const numeric = NUMERIC.exec(text)
  if (numeric !== null) {
    const [year, month, day, hour, minute, second, offset = 0, offsetMinute = 0] = numeric
      .slice(1)
      .map((part) => Number(part ?? 0))
    const local = instantOf(year, (month ?? 0) - 1, day, [hour, minute, second])
    if (local === null || Math.abs(offset) > 23 || offsetMinute > 59) return null
    const sign = numeric[7]?.startsWith('-') === true ? -1 : 1
    return local - offset * HOUR - sign * offsetMinute * MINUTE
  }
  const openssl = OPENSSL.exec(text)
  if (openssl === null) return null
  const [, month = '', day, hour, minute, second, year] = openssl
  const time = [hour, minute, second].map(Number)
  return instantOf(Number(year), MONTHS.indexOf(month.toLowerCase()), Number(day), time)
}

function instantOf(
  year = 0,
  month = -1,
  day = 0,
  [hour = 0, minute = 0, second = 0]: readonly (number | undefined)[],
): number | null {
  if (month < 0 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(Date.UTC(year, month, day, hour, minute, second))
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() : null
}

/** The same with slashes, in UTC. */
export function writeExpiration(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
