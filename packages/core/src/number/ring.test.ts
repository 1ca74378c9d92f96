import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { DAY, MINUTE } from '../instant.ts'
import {
  accepted,
  ACTOR,
  asked,
  ended,
  NOW,
  sampleKey,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import { claimWrite } from './claim.ts'
import { concludeWrite } from './conclude.ts'
import { intend } from './intend.ts'
import { adopt, keyUses, LATE_MS, letGo, letGoDue, retireTasks } from './ring.ts'
import type { NumberState } from './state.ts'

/** The number with this key of the ring published to it. */
function published(state: NumberState, name: string, overlapMs?: number, at = NOW): NumberState {
  const waiting = intend(state, {
    publicKey: sampleKey(name),
    keyId: `key_${name}`,
    actor: ACTOR,
    at,
    ...(overlapMs === undefined ? {} : { overlapMs }),
  }).next
  const claim = claimWrite(waiting, waiting.generation, at)
  if (claim.outcome !== 'granted') throw new Error(`Cannot start: ${claim.outcome}`)
  const outcome = accepted(sampleReading(name))
  const options = { now: at, readable: true, actor: ACTOR }
  const conclusion = concludeWrite(claim.step.next, claim.writing, outcome, options)
  if (!conclusion.held) throw new Error('Cannot end')
  return conclusion.step.next
}

const uses = (state: NumberState) => Object.fromEntries(keyUses(state))

describe('keyUses()', () => {
  test('follows a key from being asked for to being replaced', () => {
    const one = published(sampleNumber(), 'a')
    expect(uses(one)).toEqual({ 'sha256:a': 'active' })
    const waiting = asked(one, 'b')
    expect(uses(waiting)).toEqual({ 'sha256:a': 'active', 'sha256:b': 'staged' })
    const two = published(one, 'b')
    expect(uses(two)).toEqual({ 'sha256:a': 'retiring', 'sha256:b': 'active' })
    const back = published(two, 'a')
    expect(uses(back)).toEqual({ 'sha256:a': 'active', 'sha256:b': 'retiring' })
  })

  test('keeps a key whose write may be late when a newer one took its place', () => {
    const { state, writing } = started(published(sampleNumber(), 'a'), 'b')
    const held = { ...state, writing: { ...writing, keyId: 'key_b' } }
    const abandoned = asked(held, 'c')
    const claim = claimWrite(abandoned, abandoned.generation, writing.leaseUntil)
    if (claim.outcome !== 'granted') throw new Error('Cannot start')
    const done = ended({ state: claim.step.next, writing: claim.writing }, accepted(null)).next
    expect(uses(done)).toEqual({
      'sha256:a': 'retiring',
      'sha256:b': 'retiring',
      'sha256:c': 'active',
    })
  })

  test('forgets a key that the upstream refused', () => {
    const refusal = asked(published(sampleNumber(), 'a'), 'b')
    expect(uses({ ...refusal, queued: null })).toEqual({ 'sha256:a': 'active' })
  })
})

describe('letGo()', () => {
  const two = published(published(sampleNumber(), 'a'), 'b', 10 * MINUTE)

  test('lets go of a key when its overlap is over, and says so', () => {
    expect(letGo(two, NOW + 10 * MINUTE - 1, ACTOR).next).toBe(two)
    const { next, events } = letGo(two, NOW + 10 * MINUTE, ACTOR)
    expect(uses(next)).toEqual({ 'sha256:b': 'active' })
    expect(events).toMatchObject([{ type: 'key.let_go', data: { keyId: 'key_a' } }])
    expect(letGoDue(next, NOW)).toBeNull()
  })

  test('keeps a key that still stands at the upstream, or may yet come there', () => {
    const observed = two.observed && { ...two.observed, fingerprint: sampleKey('a').fingerprint }
    expect(letGo({ ...two, observed }, NOW + DAY, ACTOR).events).toEqual([])
    const doubt = { since: NOW, before: null, due: NOW, checks: 0, resends: 0 }
    expect(letGo({ ...two, doubt }, NOW + DAY, ACTOR).events).toEqual([])
    expect(letGoDue(two, NOW + DAY)).toBe(NOW + 2 * DAY)
  })

  test('keeps a key for a day where nobody said how long', () => {
    const kept = published(published(sampleNumber(), 'a'), 'b')
    expect(retireTasks(kept)).toEqual([{ name: 'retire-keys', due: NOW + DAY }])
    expect(retireTasks(published(sampleNumber(), 'a'))).toEqual([])
  })
})

/** The number with a key of the ring sent to it, of which nobody knows whether it arrived. */
function doubtful(state: NumberState): NumberState {
  const waiting = intend(state, {
    publicKey: sampleKey('a'),
    keyId: 'key_a',
    actor: ACTOR,
    at: NOW,
  }).next
  const claim = claimWrite(waiting, waiting.generation, NOW)
  if (claim.outcome !== 'granted') throw new Error(`Cannot start: ${claim.outcome}`)
  const fault = new Fault('upstream_timeout', 'Late', { effect: 'unknown' })
  const options = { now: NOW, readable: true, actor: ACTOR }
  const outcome = { kind: 'unknown', fault } as const
  const conclusion = concludeWrite(claim.step.next, claim.writing, outcome, options)
  if (!conclusion.held) throw new Error('Cannot end')
  return conclusion.step.next
}

describe('a key whose write may be late', () => {
  // How many minutes have passed is told by a clock that may leap.
  test('is kept for a week after it was replaced, however short the overlap', () => {
    const replaced = { ...published(doubtful(sampleNumber()), 'b', 5 * MINUTE), doubt: null }
    expect(letGo(replaced, NOW + LATE_MS - 1, ACTOR).next).toBe(replaced)
    expect(uses(letGo(replaced, NOW + LATE_MS, ACTOR).next)).toEqual({ 'sha256:b': 'active' })
  })

  test('is kept so though the same key was taken, or was published again, in between', () => {
    const taken = published(doubtful(sampleNumber()), 'a')
    const again = published(published(taken, 'b', 5 * MINUTE), 'a')
    for (const before of [taken, again]) {
      const replaced = { ...published(before, 'c', 5 * MINUTE), doubt: null }
      const { next } = letGo(replaced, NOW + LATE_MS - 1, ACTOR)
      expect(uses(next)).toMatchObject({ 'sha256:a': 'retiring' })
    }
  })
})

/** The number as if its key had been published as a PEM alone. */
function unknown(state: NumberState): NumberState {
  return state.desired === null ? state : { ...state, desired: { ...state.desired, keyId: null } }
}

describe('adopt()', () => {
  const key = { keyId: 'key_a', fingerprint: sampleKey('a').fingerprint }

  test('has a key that was brought after it was published retire when it is replaced', () => {
    const number = adopt(unknown(published(sampleNumber(), 'a')), key, NOW)
    expect(uses(published(number, 'b'))).toEqual({ 'sha256:a': 'retiring', 'sha256:b': 'active' })
  })

  test('leaves a number as it is that has another key, none, or knows its own', () => {
    const known = published(sampleNumber(), 'a')
    for (const state of [sampleNumber(), known, unknown(published(known, 'b'))]) {
      expect(adopt(state, key, NOW)).toBe(state)
    }
  })
})
