import { describe, expect, test } from 'vitest'
import { MINUTE } from '../instant.ts'
import {
  accepted,
  ACTOR,
  asked,
  NOW,
  sampleKey,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import { claimWrite } from './claim.ts'
import { concludeWrite } from './conclude.ts'
import { intend } from './intend.ts'
import { forgetReleased, heldKeys, holdLabel, keyLabel, keyLabels, letGo } from './ring.ts'
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

describe('keyLabels()', () => {
  const two = published(published(sampleNumber(), 'a'), 'b', 10 * MINUTE)
  const [a, b] = [sampleKey('a').fingerprint, sampleKey('b').fingerprint]

  test('say of each key what the number has to do with it, and under one name that it has', () => {
    expect(keyLabels(two)).toEqual({
      [keyLabel(a)]: 'retiring',
      [holdLabel(a)]: 'used',
      [keyLabel(b)]: 'active',
      [holdLabel(b)]: 'used',
    })
  })

  test('say that a key was let go of, until it is forgotten', () => {
    const { next } = letGo(two, NOW + 10 * MINUTE, ACTOR)
    expect(keyLabels(next)).toMatchObject({ [holdLabel(a)]: 'released', [holdLabel(b)]: 'used' })
    expect(keyLabels(next)[keyLabel(a)]).toBeUndefined()
    const forgotten = forgetReleased(next, 'key_a', NOW).next
    expect(keyLabels(forgotten)[holdLabel(a)]).toBeUndefined()
    expect(forgetReleased(forgotten, 'key_a', NOW).next).toBe(forgotten)
  })

  test('say of a key that only the upstream shows that it is seen', () => {
    const observed = two.observed && { ...two.observed, fingerprint: sampleKey('x').fingerprint }
    const labels = keyLabels({ ...two, observed })
    expect(labels[holdLabel(sampleKey('x').fingerprint)]).toBe('seen')
    expect(labels[holdLabel(b)]).toBe('used')
  })

  test('say of a key that is used again no more that it was let go of', () => {
    const again = published(letGo(two, NOW + 10 * MINUTE, ACTOR).next, 'a')
    expect(keyLabels(again)).toMatchObject({ [holdLabel(a)]: 'used', [keyLabel(a)]: 'active' })
  })
})

describe('heldKeys()', () => {
  test('are those that a number has, or may have, or has not let go of, each once', () => {
    const two = published(published(sampleNumber(), 'a'), 'b')
    expect(heldKeys(two)).toEqual(['key_b', 'key_a'])
    expect(heldKeys(asked(two, 'c'))).toEqual(['key_b', 'key_a'])
    const { state, writing } = started(two, 'c')
    const held = { ...state, writing: { ...writing, keyId: 'key_c' } }
    expect(heldKeys(held)).toEqual(['key_c', 'key_b', 'key_a'])
    expect(heldKeys(published(two, 'a'))).toEqual(['key_a', 'key_b'])
    expect(heldKeys(sampleNumber())).toEqual([])
  })
})

test('a number remembers the newest hundred keys that it has let go of', () => {
  let state = published(sampleNumber(), 'first')
  for (let index = 0; index < 120; index += 1) {
    state = published(state, `k${index}`, MINUTE)
    state = letGo(state, NOW + MINUTE, ACTOR).next
  }
  expect(state.released).toHaveLength(100)
  expect(state.released?.at(-1)).toMatchObject({ keyId: 'key_k118' })
})
