import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../instant.ts'
import { sampleBundle, sampleCertificate, sampleListed } from '../testing/sample-certificate.ts'
import { ACTOR, NOW } from '../testing/sample-number.ts'
import { daysLeft, expiryToTell } from './expiry.ts'
import { observeCertificate, tellExpiry } from './observe.ts'
import type { CertificateState } from './state.ts'

const END = NOW + 90 * DAY
const by = (now: number) => ({ actor: ACTOR, now })
const installed = (changes: Partial<CertificateState> = {}) =>
  sampleCertificate({ status: 'installed', notAfter: END, ...changes })

/** What is told when a certificate is looked at at these times, one after the other. */
function toldAt(times: readonly number[], from = installed()) {
  let state = from
  const told: unknown[] = []
  for (const now of times) {
    const step = tellExpiry(state, by(now))
    if (step?.next == null) continue
    told.push(...step.events.map(({ data }) => [data['days'], data['daysLeft'], data['isExpired']]))
    state = step.next
  }
  return told
}

describe('tellExpiry()', () => {
  test('tells each of the days once, however often it is asked', () => {
    const hourly = Array.from({ length: 92 * 24 }, (_, hour) => NOW + hour * HOUR)
    expect(toldAt(hourly)).toEqual([
      [30, 30, false],
      [14, 14, false],
      [7, 7, false],
      [3, 3, false],
      [1, 1, false],
    ])
  })

  test('tells a certificate that is found late once, for the day that it is at', () => {
    expect(toldAt([END - 5 * DAY, END - 4 * DAY])).toEqual([[7, 5, false]])
    expect(toldAt([END + 40 * DAY, END + 41 * DAY])).toEqual([[1, 0, true]])
  })

  test('tells nothing again where the clock goes back', () => {
    expect(toldAt([END - 6 * DAY, END - 20 * DAY, END - 13 * DAY, END - 6 * DAY])).toHaveLength(1)
  })

  test('begins anew where another certificate takes the place, or the same one is renewed', () => {
    const late = END - 2 * DAY
    const state = installed({ upstreamId: '1', toldEnd: END, toldDays: 3, observedAt: NOW })
    const renewed = sampleListed({ notAfter: END + 90 * DAY })
    const { next } = observeCertificate(state, { listed: renewed, bundle: null }, by(late))
    expect(next).toMatchObject({ toldDays: null, notAfter: END + 90 * DAY })
    expect(toldAt([END + 62 * DAY], next ?? state)).toEqual([[30, 28, false]])

    const same = { listed: sampleListed({ notAfter: END }), bundle: null }
    expect(observeCertificate(state, same, by(late)).next).toMatchObject({ toldDays: 3 })
    const other = { listed: sampleListed(), bundle: sampleBundle('b', END) }
    const known = { ...state, bundle: sampleBundle('a', END) }
    expect(observeCertificate(known, other, by(late)).next).toMatchObject({ toldDays: null })
  })
})

describe('expiryToTell()', () => {
  test.each([
    ['has no known end', installed({ notAfter: null })],
    ['has failed', installed({ status: 'failed' })],
    ['ends in more than 30 days', installed({ notAfter: NOW + 30 * DAY + 1 })],
  ])('tells nothing of one that %s', (_, state) => {
    expect(expiryToTell(state, NOW)).toBeNull()
  })
})

test('daysLeft() counts whole days, and never below 0', () => {
  expect(daysLeft(NOW + DAY, NOW)).toBe(1)
  expect(daysLeft(NOW + DAY - 1, NOW)).toBe(0)
  expect(daysLeft(NOW - DAY, NOW)).toBe(0)
})
