import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { toTimestamp } from '../instant.ts'
import {
  accepted,
  ACTOR,
  ended,
  failed,
  NOW,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import { giveUp } from './settle.ts'
import type { NumberState, Observation } from './state.ts'
import { isCurrent, observedView, pendingWarnings, publishedView } from './view.ts'

const published = ended(started(sampleNumber(), 'a'), accepted(sampleReading('a'))).next
const seen = (name: string): Observation => ({
  status: 'valid',
  pem: `PEM ${name}`,
  fingerprint: `sha256:${name}`,
  at: NOW + 5,
  epoch: published.epoch,
})

describe('observedView()', () => {
  test('says of our own key when it was published', () => {
    const view = observedView(published, seen('a'), { source: 'cache', warnings: [] })
    expect(view).toMatchObject({
      publicKey: 'PEM a',
      signatureStatus: 'valid',
      inSync: true,
      publishedAt: toTimestamp(NOW),
      observedAt: toTimestamp(NOW + 5),
      source: 'cache',
    })
  })

  test('claims nothing about a key of somebody else', () => {
    const view = observedView(published, seen('x'), { source: 'upstream', warnings: [] })
    expect(view).toMatchObject({
      fingerprint: 'sha256:x',
      keyId: null,
      inSync: false,
      publishedAt: null,
    })
  })
})

describe('publishedView()', () => {
  test.each([
    [true, false],
    [false, null],
  ])('shows what was last published (readable: %s)', (readable, inStep) => {
    expect(publishedView(published, { readable, warnings: [] })).toMatchObject({
      fingerprint: 'sha256:a',
      signatureStatus: 'unknown',
      inSync: inStep,
      observedAt: null,
      source: 'published',
    })
  })

  test('shows nothing where nothing was', () => {
    expect(publishedView(sampleNumber(), { readable: false, warnings: [] })).toMatchObject({
      publicKey: null,
      fingerprint: null,
      publishedAt: null,
    })
  })
})

const codes = (state: NumberState) => pendingWarnings(state).map((each) => each.code)

describe('pendingWarnings()', () => {
  const lost = failed('unknown', new Fault('upstream_timeout', 'Lost', { effect: 'unknown' }))
  const doubtful = ended(started(sampleNumber(), 'a'), lost).next

  test('says while the last publish is not proved', () => {
    expect(codes(sampleNumber())).toEqual([])
    expect(codes(published)).toEqual([])
    expect(codes(doubtful)).toEqual(['verification_pending'])
    expect(codes({ ...doubtful, observed: seen('a') })).toEqual([])
    expect(codes({ ...doubtful, observed: seen('x') })).toEqual(['verification_pending'])
  })

  test('says for ever of a key that was given up and cannot be read', () => {
    expect(codes(giveUp(doubtful, NOW, ACTOR).next)).toEqual(['outcome_unknown'])
  })
})

describe('isCurrent()', () => {
  test('believes no observation from before a write of ours', () => {
    expect(isCurrent(published, published.observed)).toBe(true)
    expect(isCurrent(started(published, 'b').state, published.observed)).toBe(false)
    expect(isCurrent(published, null)).toBe(false)
  })
})
