import { describe, expect, test } from 'vitest'
import { toTimestamp } from '../instant.ts'
import {
  accepted,
  ended,
  NOW,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import type { Observation } from './state.ts'
import { isCurrent, observedView, publishedView } from './view.ts'

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

describe('isCurrent()', () => {
  test('believes no observation from before a write of ours', () => {
    expect(isCurrent(published, published.observed)).toBe(true)
    expect(isCurrent(started(published, 'b').state, published.observed)).toBe(false)
    expect(isCurrent(published, null)).toBe(false)
  })
})
