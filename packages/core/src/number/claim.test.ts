import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { MINUTE, SECOND } from '../instant.ts'
import {
  accepted,
  asked,
  ended,
  failed,
  NOW,
  sampleKey,
  sampleNumber,
  sampleReading,
  started,
  startedAgain,
} from '../testing/sample-number.ts'
import { abandonWrite, claimResend, claimWrite } from './claim.ts'
import { isForeign } from './doubt.ts'
import { settleFailed } from './settle.ts'
import { RESENDS_MAX, WRITE_LEASE_MS } from './timing.ts'

const LATER = NOW + WRITE_LEASE_MS
const TIMEOUT = failed('unknown', new Fault('upstream_timeout', 'Timed out', { effect: 'unknown' }))

describe('claimWrite()', () => {
  test('starts the queued key under a new fence, in a new epoch, for as long as a lease', () => {
    const state = asked(sampleNumber(), 'a')
    const claim = claimWrite(state, 1, NOW)
    expect(claim).toMatchObject({
      outcome: 'granted',
      writing: { generation: 1, ...sampleKey('a'), fence: 1, leaseUntil: LATER },
      step: { next: { queued: null, fence: 1, epoch: state.epoch + 1 }, events: [] },
    })
  })

  test('knows nothing of a key that was superseded', () => {
    const state = asked(asked(sampleNumber(), 'a'), 'b')
    expect(claimWrite(state, 1, NOW)).toEqual({ outcome: 'gone' })
    expect(claimWrite(state, 2, NOW).outcome).toBe('granted')
  })

  test('waits for the write in flight until its lease has ended', () => {
    const state = asked(started(sampleNumber(), 'a').state, 'b')
    expect(claimWrite(state, 2, LATER - 1)).toEqual({ outcome: 'busy', until: LATER })
    expect(claimWrite(state, 2, LATER).outcome).toBe('granted')
  })

  test('does not wait out a lease that was made before the clock went back', () => {
    const state = asked(started(sampleNumber(), 'a').state, 'b')
    expect(claimWrite(state, 2, NOW - SECOND).outcome).toBe('busy')
    expect(claimWrite(state, 2, NOW - 60 * MINUTE).outcome).toBe('granted')
  })

  test('takes a write whose owner died for one whose outcome nobody knows, and says so', () => {
    const state = asked(started(sampleNumber(), 'a').state, 'b')
    const claim = claimWrite(state, 2, LATER)
    expect(claim).toMatchObject({
      outcome: 'granted',
      writing: { generation: 2, fence: 2 },
      step: {
        next: {
          desired: { generation: 1, fingerprint: 'sha256:a', acceptedAt: null },
          doubt: { since: LATER },
        },
        events: [
          {
            type: 'key.publish_unknown',
            data: { generation: 1, fingerprint: 'sha256:a', abandoned: true },
          },
        ],
      },
    })
  })

  test('gives a new key all its looks and resends, however long an earlier one was in doubt', () => {
    let state = ended(started(sampleNumber(), 'a'), TIMEOUT).next
    let now = NOW
    for (let resent = 0; resent < RESENDS_MAX; resent += 1) {
      now += MINUTE
      state = ended(startedAgain(state, now), accepted(null), { at: now }).next
      state = settleFailed(state, now).next
    }
    expect(state.doubt).toMatchObject({ resends: RESENDS_MAX })
    const { state: next } = started(state, 'b', now)
    expect(next.doubt).toEqual({
      ...state.doubt,
      checks: 0,
      resends: 0,
      due: now + 30 * SECOND,
    })
  })
})

describe('claimResend()', () => {
  const inDoubt = ended(started(sampleNumber(), 'a'), TIMEOUT).next

  test('sends the desired key again under a new fence; that counts as a look', () => {
    expect(claimResend(inDoubt, NOW + 30 * SECOND)).toMatchObject({
      outcome: 'granted',
      writing: { generation: 1, ...sampleKey('a'), fence: 2 },
      step: { next: { doubt: { checks: 1, resends: 1, due: NOW + 5 * MINUTE } } },
    })
  })

  test('gives way to a newer key, and to a write in flight', () => {
    expect(claimResend(asked(inDoubt, 'b'), NOW)).toEqual({ outcome: 'gone' })
    expect(claimResend(started(inDoubt, 'b').state, NOW)).toEqual({ outcome: 'busy', until: LATER })
    expect(claimResend(sampleNumber(), NOW)).toEqual({ outcome: 'gone' })
  })
})

describe('abandonWrite()', () => {
  test('leaves a number as it is while its write is in flight, and where there is none', () => {
    const { state } = started(sampleNumber(), 'a')
    expect(abandonWrite(state, LATER - 1).next).toBe(state)
    expect(abandonWrite(sampleNumber(), NOW).next).toEqual(sampleNumber())
  })

  test('remembers the key as ours: when it arrives after all it is not a foreign one', () => {
    const before = ended(started(sampleNumber(), 'old'), accepted(sampleReading('old'))).next
    const abandoned = abandonWrite(started(before, 'a').state, LATER).next
    const state = ended(started(abandoned, 'b', LATER), TIMEOUT, { at: LATER }).next
    expect(isForeign(state, sampleReading('a'))).toBe(false)
    expect(isForeign(state, sampleReading('x'))).toBe(true)
  })

  test('keeps that the upstream took a key before, when the owner of its resend dies', () => {
    const doubtful = ended(started(sampleNumber(), 'a'), accepted(null)).next
    const { next } = abandonWrite(startedAgain(doubtful).state, LATER)
    expect(next.desired).toMatchObject({ acceptedAt: NOW })
    expect(next.doubt).not.toBeNull()
  })
})
