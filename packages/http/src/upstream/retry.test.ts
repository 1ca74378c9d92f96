import { Fault, type FaultOptions } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { expect, test } from 'vitest'
import { pauseBeforeRetry } from './retry.ts'

const unavailable = (options: FaultOptions = {}) =>
  new Fault('upstream_unavailable', 'Cannot call upstream: it failed', options)

test('pauseBeforeRetry() stays below a ceiling that doubles up to two seconds', () => {
  const random = seededRandom(1)
  for (const [made, ceiling] of [200, 400, 800, 1_600, 2_000, 2_000].entries()) {
    const question = { fault: unavailable(), made: made + 1, repeatable: true }
    const pauses = Array.from({ length: 200 }, () => pauseBeforeRetry(question, random) ?? -1)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(ceiling)
    // Full jitter: the pauses of many callers spread over the whole span.
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(ceiling / 2)
  }
})

test('pauseBeforeRetry() never comes before the time that the upstream named', () => {
  const random = seededRandom(1)
  const fault = unavailable({ retryAfterMs: 5_000 })
  expect(pauseBeforeRetry({ fault, made: 1, repeatable: true }, random)).toBeGreaterThanOrEqual(
    5_000,
  )
})

test.each([
  ['asks for more than five seconds', unavailable({ retryAfterMs: 5_001 })],
  ['is not retryable', unavailable({ retryable: false })],
  ['is our own', new Fault('internal', 'Cannot open credentials')],
  ['throttles and names no time', new Fault('upstream_rate_limited', 'Cannot read: too many')],
])('pauseBeforeRetry() gives up where the fault %s', (_what, fault) => {
  expect(pauseBeforeRetry({ fault, made: 1, repeatable: true }, seededRandom(1))).toBeNull()
})
