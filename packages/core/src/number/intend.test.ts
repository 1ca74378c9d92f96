import { describe, expect, test } from 'vitest'
import { isFault } from '../fault/fault.ts'
import { ACTOR, asked, NOW, sampleKey, sampleNumber, started } from '../testing/sample-number.ts'
import { intend, withdraw } from './intend.ts'
import { settleDue, settleTask } from './transition.ts'
import { QUEUE_PATIENCE_MS, WRITE_LEASE_MS } from './timing.ts'

const request = { publicKey: sampleKey('b'), keyId: 'key_1', actor: ACTOR, at: NOW }

describe('intend()', () => {
  test('queues a key under a new generation', () => {
    const { next, events } = intend(sampleNumber(), request)
    expect(next.queued).toEqual({
      generation: 1,
      keyId: 'key_1',
      actor: ACTOR,
      at: NOW,
      ...sampleKey('b'),
    })
    expect(events).toMatchObject([
      { type: 'key.publish_requested', data: { generation: 1, fingerprint: 'sha256:b' } },
    ])
  })

  test('supersedes a key that has not started, and says by which', () => {
    const { next, events } = intend(asked(sampleNumber(), 'a'), request)
    expect(next).toMatchObject({ generation: 2, queued: { fingerprint: 'sha256:b' } })
    expect(events).toMatchObject([
      { type: 'key.superseded', data: { generation: 1, fingerprint: 'sha256:a', by: 2 } },
      { type: 'key.publish_requested' },
    ])
  })

  test('leaves a write alone that has started', () => {
    const { state, writing } = started(sampleNumber(), 'a')
    expect(intend(state, request).next.writing).toBe(writing)
  })

  test('refuses where the number moved on while its precondition was checked', () => {
    const before = sampleNumber()
    const seen = { generation: before.generation, epoch: before.epoch }
    expect(intend(before, { ...request, unchangedSince: seen }).next.generation).toBe(1)
    for (const after of [asked(before, 'a'), { ...before, epoch: before.epoch + 1 }]) {
      expect(codeOf(() => intend(after, { ...request, unchangedSince: seen }))).toBe(
        'precondition_failed',
      )
    }
  })
})

describe('intend() of what was asked for a while ago', () => {
  const later = { ...request, at: NOW + 10, askedAt: NOW - 1 }

  test('gives way to another key that somebody has asked for since, started or not', () => {
    for (const state of [asked(sampleNumber(), 'a'), started(sampleNumber(), 'a').state]) {
      expect(codeOf(() => intend(state, later))).toBe('conflict')
      expect(intend(state, { ...later, askedAt: NOW }).next.generation).toBe(2)
    }
  })

  test('does not to the same key, nor to what Latchkey has repaired by itself', () => {
    expect(intend(asked(sampleNumber(), 'b'), later).next.generation).toBe(2)
    const { queued, ...state } = asked(sampleNumber(), 'a')
    const actor = { kind: 'system', id: 'sweep' } as const
    const repaired = { ...state, queued: queued === null ? null : { ...queued, actor } }
    expect(intend(repaired, later).next.generation).toBe(2)
  })
})

test('intend() takes no precondition for checked while a write is under way', () => {
  const { state } = started(sampleNumber(), 'a')
  const { generation, epoch } = state
  const conditional = { ...request, unchangedSince: { generation, epoch } }
  expect(codeOf(() => intend(state, conditional))).toBe('precondition_failed')
  const late = { ...conditional, at: NOW + WRITE_LEASE_MS }
  expect(intend(state, late).next.generation).toBe(generation + 1)
})

describe('withdraw()', () => {
  test('takes back a key that waits; its generation is not given again', () => {
    const { next, events } = withdraw(asked(sampleNumber(), 'a'), 1, NOW, ACTOR)
    expect(next).toMatchObject({ queued: null, generation: 1 })
    expect(events).toMatchObject([{ type: 'key.withdrawn', data: { generation: 1 } }])
    expect(asked(next, 'b').generation).toBe(2)
  })

  test('does nothing to another key, or one that has started', () => {
    const newer = asked(asked(sampleNumber(), 'a'), 'b')
    expect(withdraw(newer, 1, NOW, ACTOR).next).toBe(newer)
    const { state } = started(sampleNumber(), 'a')
    expect(withdraw(state, 1, NOW, ACTOR).next).toBe(state)
  })
})

describe('settleDue()', () => {
  test('names a time for whatever is open, and none where nothing is', () => {
    expect(settleTask(sampleNumber())).toEqual({ name: 'settle', due: null })
    expect(settleDue(asked(sampleNumber(), 'a'))).toBe(NOW + QUEUE_PATIENCE_MS)
    const { state } = started(sampleNumber(), 'a')
    expect(settleDue(asked(state, 'b'))).toBe(NOW + WRITE_LEASE_MS)
  })
})

function codeOf(act: () => unknown): string {
  try {
    act()
    return 'none'
  } catch (error) {
    return isFault(error) ? error.code : 'not a fault'
  }
}
