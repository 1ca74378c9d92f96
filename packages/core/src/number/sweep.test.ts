import { describe, expect, test } from 'vitest'
import { mintId, mintIdWithin } from '../ids.ts'
import { DAY, HOUR, MINUTE } from '../instant.ts'
import { NOW } from '../testing/sample-number.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { isLate, nextSweep } from './sweep.ts'

const SWEEP_MS = 6 * HOUR
const random = seededRandom(1)
const connections = Array.from({ length: 4 }, () => mintId('connection', random))
const ids = Array.from({ length: 20_000 }, (_, index) =>
  mintIdWithin(connections[index % 4] ?? '', 'number', random),
)

/** How many of the numbers are due in each of so many equal parts of the interval. */
function perPart(parts: number, dueOf: (id: string, index: number) => number): readonly number[] {
  const counts = Array.from({ length: parts }, () => 0)
  for (const [index, id] of ids.entries()) {
    const part = Math.floor((((dueOf(id, index) - NOW) % SWEEP_MS) / SWEEP_MS) * parts)
    counts[part] = (counts[part] ?? 0) + 1
  }
  return counts
}

describe('nextSweep()', () => {
  test('is within the interval, and one interval later the next time', () => {
    for (const id of ids.slice(0, 100)) {
      const due = nextSweep(id, SWEEP_MS, NOW)
      expect(due > NOW && due <= NOW + SWEEP_MS).toBe(true)
      expect(nextSweep(id, SWEEP_MS, due - 1)).toBe(due)
      expect(nextSweep(id, SWEEP_MS, due)).toBe(due + SWEEP_MS)
    }
  })

  test.each([
    ['all at once', () => NOW],
    ['within a minute', (index: number) => NOW + (index % 60_000)],
    ['over days', (index: number) => NOW + index * MINUTE],
  ])('spreads numbers evenly that were added %s', (_, addedAt) => {
    const counts = perPart(20, (id, index) => nextSweep(id, SWEEP_MS, addedAt(index)))
    // 1000 of each are expected; five standard deviations are 154.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(154)
  })
})

test('isLate() is a tenth of the interval, and five minutes at least', () => {
  expect([isLate(NOW, 10 * DAY, NOW + DAY), isLate(NOW, 10 * DAY, NOW + DAY + 1)]).toEqual([
    false,
    true,
  ])
  expect([
    isLate(NOW, MINUTE, NOW + 5 * MINUTE),
    isLate(NOW, MINUTE, NOW + 5 * MINUTE + 1),
  ]).toEqual([false, true])
})
