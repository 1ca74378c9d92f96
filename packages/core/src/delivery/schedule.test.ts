import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../instant.ts'
import { NOW } from '../testing/sample-number.ts'
import { nextAttempt, RETRY_DELAYS_MS } from './schedule.ts'

const randomAt = (fraction: number) => ({
  bytes: (length: number) => new Uint8Array(length),
  fraction: () => fraction,
})

describe('nextAttempt()', () => {
  test('follows the schedule of the standard over three days', () => {
    const total = RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)
    expect(total).toBe(75 * HOUR + 35 * MINUTE + 5 * SECOND)
    for (const [index, delay] of RETRY_DELAYS_MS.entries()) {
      const given = { tries: index + 1, now: NOW, asked: 0 }
      expect(nextAttempt(randomAt(0), given)).toBe(NOW + delay)
      const latest = nextAttempt(randomAt(0.999), given) ?? 0
      expect(latest).toBeGreaterThan(NOW + delay)
      expect(latest).toBeLessThanOrEqual(NOW + delay * 1.1)
    }
  })

  test('is null after the last attempt', () => {
    const tries = RETRY_DELAYS_MS.length + 1
    expect(nextAttempt(randomAt(0), { tries, now: NOW, asked: HOUR })).toBeNull()
  })

  test('is never sooner than the receiver asked, and no sooner than the schedule', () => {
    expect(nextAttempt(randomAt(0), { tries: 1, now: NOW, asked: HOUR })).toBe(NOW + HOUR)
    expect(nextAttempt(randomAt(0), { tries: 4, now: NOW, asked: HOUR })).toBe(NOW + 2 * HOUR)
  })
})
