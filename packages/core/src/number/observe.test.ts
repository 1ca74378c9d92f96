import { describe, expect, test } from 'vitest'
import {
  accepted,
  ACTOR,
  ended,
  NOW,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import { observe, unobserve } from './observe.ts'
import { numberLabels } from './labels.ts'
import { inSync, type NumberState } from './state.ts'

const published = ended(started(sampleNumber(), 'a'), accepted(sampleReading('a'))).next
const see = (state: NumberState, reading: ReturnType<typeof sampleReading>) =>
  observe(state, reading, { now: NOW + 1, actor: ACTOR })
const told = (state: NumberState) => see(state, sampleReading('x')).events.map((each) => each.type)

describe('observe()', () => {
  test('records every reading, and tells of changes alone', () => {
    const { next, events } = see(published, sampleReading('a'))
    expect(next.observed).toMatchObject({ at: NOW + 1, epoch: published.epoch })
    expect(events).toEqual([])
  })

  test.each([
    ['another key', sampleReading('x')],
    ['no key', sampleReading(null)],
    ['its key in mismatch', sampleReading('a', 'mismatch')],
  ])('tells once that a number in step now holds %s', (_, reading) => {
    const { next, events } = see(published, reading)
    expect(events).toMatchObject([
      { type: 'key.observed' },
      { type: 'key.mismatch', data: { expected: 'sha256:a', status: reading.status } },
    ])
    expect(see(next, reading).events).toEqual([])
  })

  test('calls nothing a mismatch that nobody asked for, or while a write is on its way', () => {
    expect(told(sampleNumber())).toEqual(['key.observed'])
    expect(told(started(published, 'b').state)).toEqual(['key.observed'])
  })
})

test('unobserve() forgets what was seen, and begins another epoch', () => {
  const { next, events } = unobserve(published, NOW + 1)
  expect(next).toEqual({
    ...published,
    observed: null,
    epoch: published.epoch + 1,
    updatedAt: NOW + 1,
  })
  expect(events).toEqual([])
})

describe('inSync()', () => {
  test.each([
    ['the key last asked for, valid', 'a', undefined, true],
    ['the same of unknown status', 'a', 'unknown', true],
    ['the same in mismatch', 'a', 'mismatch', false],
    ['another', 'x', undefined, false],
    ['none', null, undefined, false],
    ['one that is not shown', null, 'valid', null],
  ] as const)('of a number that holds %s', (_, name, status, expected) => {
    const { next } = see(published, sampleReading(name, status))
    expect(inSync(next, true)).toBe(expected)
    expect(inSync(next, false)).toBeNull()
    expect(numberLabels(next, true)['inSync']).toBe(String(expected))
  })

  test('is false for a key that is only on its way', () => {
    expect(inSync(started(published, 'b').state, true)).toBe(false)
    expect(inSync(sampleNumber(), true)).toBe(false)
  })
})
