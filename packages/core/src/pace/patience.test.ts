import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'
import { NOW } from '../testing/sample-number.ts'
import { createPatience, type Patience } from './patience.ts'

const FAILURE = { retryAfterMs: 0 }

/** Begins so many at once; how many of them may. */
function begunOf(patience: Patience, count: number, now = NOW, id = 'con_1'): number {
  const begun = Array.from({ length: count }, () => patience.begin(id, now))
  return begun.filter((until) => until === null).length
}

describe('createPatience()', () => {
  test('lets a bounded number of readings be under way, of all connections together', () => {
    const patience = createPatience(16)
    expect(begunOf(patience, 20)).toBe(16)
    expect(patience.begin('con_2', NOW)).toEqual({ because: 'full', until: NOW + 2 * SECOND })
    patience.end('con_1', NOW, null)
    expect(patience.begin('con_2', NOW)).toBeNull()
  })

  test('leaves a connection alone that failed, ever longer, and then tries it once', () => {
    const patience = createPatience(16)
    let now = NOW
    const pauses: number[] = []
    for (let round = 0; round < 9; round += 1) {
      expect(begunOf(patience, 3, now)).toBe(round === 0 ? 3 : 1)
      for (let ended = 0; ended < (round === 0 ? 3 : 1); ended += 1) {
        patience.end('con_1', now, FAILURE)
      }
      const until = patience.begin('con_1', now)?.until ?? now
      pauses.push((until - now) / SECOND)
      now = until
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900])
    expect(patience.begin('con_2', now)).toBeNull()
  })

  test('is as before once the upstream has answered', () => {
    const patience = createPatience(16)
    expect(patience.begin('con_1', NOW)).toBeNull()
    patience.end('con_1', NOW, FAILURE)
    const later = NOW + 15 * SECOND
    expect(begunOf(patience, 2, later)).toBe(1)
    patience.end('con_1', later, null)
    expect(begunOf(patience, 2, later)).toBe(2)
  })

  test('waits for as long as the upstream says, and no longer than a day', () => {
    for (const [retryAfterMs, pause] of [
      [HOUR, HOUR],
      [30 * DAY, DAY],
    ] as const) {
      const patience = createPatience(16)
      patience.begin('con_1', NOW)
      patience.end('con_1', NOW, { retryAfterMs })
      expect(patience.begin('con_1', NOW + 1)?.until).toBe(NOW + pause)
    }
  })

  test('does not wait for a clock that went back', () => {
    const patience = createPatience(16)
    patience.begin('con_1', NOW)
    patience.end('con_1', NOW, FAILURE)
    expect(patience.begin('con_1', NOW - 10 * MINUTE)).toBeNull()
  })
})
