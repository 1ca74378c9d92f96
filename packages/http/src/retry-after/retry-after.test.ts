import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

/** Sun, 06 Nov 1994 08:49:37 GMT: the date of the RFC's own examples. */
const NOW = Date.UTC(1994, 10, 6, 8, 49, 37)
const DAY_MS = 86_400_000

describe('parseRetryAfter()', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['zero', '0', 0],
    ['seconds with blanks around', ' 5 ', 5_000],
    ['more than a day', '86401', DAY_MS],
    ['endless digits', '9'.repeat(400), DAY_MS],
    ['an IMF-fixdate', 'Sun, 06 Nov 1994 08:49:40 GMT', 3_000],
    ['an RFC 850 date', 'Sunday, 06-Nov-94 08:49:40 GMT', 3_000],
    ['an asctime date', 'Sun Nov  6 08:49:40 1994', 3_000],
    ['a date in the past', 'Sun, 06 Nov 1994 08:49:36 GMT', 0],
    ['a date far ahead', 'Fri, 31 Dec 9999 23:59:59 GMT', DAY_MS],
    ['a two-digit year of the past century', 'Tuesday, 06-Nov-45 08:49:37 GMT', 0],
  ])('reads %s', (_name, value, wait) => {
    expect(parseRetryAfter(new Headers({ 'retry-after': value }), NOW)).toBe(wait)
  })

  test.each([
    ['nothing', ''],
    ['a negative number', '-5'],
    ['a fraction', '1.5'],
    ['an exponent', '1e3'],
    ['hexadecimal', '0x10'],
    ['two values', '5, 10'],
    ['a word', 'soon'],
    ['an ISO date', '1994-11-06T08:49:40Z'],
    ['another zone', 'Sun, 06 Nov 1994 08:49:40 CET'],
    ['a day that is not', 'Sun, 31 Nov 1994 08:49:40 GMT'],
    ['an hour that is not', 'Sun, 06 Nov 1994 25:49:40 GMT'],
    ['a month that is not', 'Sun, 06 Nox 1994 08:49:40 GMT'],
  ])('reads nothing from %s', (_name, value) => {
    expect(parseRetryAfter(new Headers({ 'retry-after': value }), NOW)).toBeNull()
  })

  test('reads nothing where the header is absent', () => {
    expect(parseRetryAfter(new Headers(), NOW)).toBeNull()
  })
})
