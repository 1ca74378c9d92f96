import { describe, expect, test } from 'vitest'
import { DAY, HOUR, SECOND } from '../instant.ts'
import { sampleDelivery } from '../testing/sample-delivery.ts'
import { NOW } from '../testing/sample-number.ts'
import { beginAttempt, concludeAttempt, isSending, pauseAsked } from './attempt.ts'
import { ATTEMPTS_KEPT, type DeliveryState } from './delivery.ts'

const random = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0 }
const failed = { at: NOW, durationMs: 10, status: 500, problem: null, retryAfterMs: null }

function begun(state: DeliveryState): DeliveryState {
  const next = beginAttempt(state, NOW)
  if (next === null) throw new Error('Cannot begin: it is not the time')
  return next
}

describe('beginAttempt()', () => {
  test('lets one begin at a time', () => {
    const state = begun(sampleDelivery(1))
    expect(state).toMatchObject({ fence: 1, status: 'pending' })
    expect(beginAttempt(state, NOW + 29 * SECOND)).toBeNull()
    expect(beginAttempt(state, NOW + 30 * SECOND)).toMatchObject({ fence: 2 })
  })

  test('begins none before its time, and none of what has ended', () => {
    expect(beginAttempt(sampleDelivery(1, { nextAttemptAt: NOW + 1 }), NOW)).toBeNull()
    expect(beginAttempt(sampleDelivery(1, { status: 'dead', nextAttemptAt: null }), NOW)).toBeNull()
  })

  test('does not wait for an attempt that a clock put into the far future', () => {
    const state = sampleDelivery(1, { sendingUntil: NOW + DAY })
    expect(isSending(state, NOW)).toBe(false)
    expect(beginAttempt(state, NOW)).not.toBeNull()
  })
})

describe('concludeAttempt()', () => {
  test.each([200, 204, 299])('takes %i for an acceptance', (status) => {
    const outcome = { ...failed, status }
    expect(concludeAttempt(begun(sampleDelivery(1)), { fence: 1, outcome, random })).toMatchObject({
      status: 'delivered',
      endedAt: NOW + 10,
      nextAttemptAt: null,
      sendingUntil: null,
    })
  })

  test.each([null, 199, 301, 400, 404, 500, 503])('tries again after %s', (status) => {
    const outcome = { ...failed, status }
    expect(concludeAttempt(begun(sampleDelivery(1)), { fence: 1, outcome, random })).toMatchObject({
      status: 'pending',
      tries: 1,
      nextAttemptAt: NOW + 10 + 5 * SECOND,
      attempts: [{ status }],
    })
  })

  test('ends with 410', () => {
    const outcome = { ...failed, status: 410 }
    expect(concludeAttempt(begun(sampleDelivery(1)), { fence: 1, outcome, random })).toMatchObject({
      status: 'dead',
      reason: 'endpoint_disabled',
    })
  })

  // An owner that slept through its hold comes back after another has sent the same once more.
  test('counts for nothing where another attempt has begun since', () => {
    const state = { ...begun(sampleDelivery(1)), fence: 2 }
    expect(concludeAttempt(state, { fence: 1, outcome: failed, random })).toBeNull()
  })

  test('is dead after ten attempts, of which the last are remembered', () => {
    let state = sampleDelivery(1)
    for (let tried = 1; tried <= 10; tried += 1) {
      const { fence } = (state = begun({ ...state, nextAttemptAt: NOW }))
      const next = concludeAttempt(state, { fence, outcome: failed, random })
      if (next === null) throw new Error('Cannot conclude')
      state = next
      expect(state.status).toBe(tried === 10 ? 'dead' : 'pending')
    }
    expect(state).toMatchObject({ reason: 'exhausted', tries: 10 })
    const many = Array.from({ length: ATTEMPTS_KEPT + 5 }, () => failed)
    const again = begun({ ...sampleDelivery(1), attempts: many })
    const concluded = concludeAttempt(again, { fence: 1, outcome: failed, random })
    expect(concluded?.attempts).toHaveLength(ATTEMPTS_KEPT)
  })
})

describe('pauseAsked()', () => {
  test('is what 429 and 503 ask for, and nobody else', () => {
    for (const status of [429, 503]) {
      expect(pauseAsked({ ...failed, status, retryAfterMs: HOUR })).toBe(HOUR)
    }
    expect(pauseAsked({ ...failed, retryAfterMs: HOUR })).toBeNull()
    expect(pauseAsked({ ...failed, status: 429 })).toBeNull()
  })
})
