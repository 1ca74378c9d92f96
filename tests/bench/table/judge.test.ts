import { describe, expect, test } from 'vitest'
import { judge } from './judge.ts'
import type { Row } from './row.ts'

const ROW: Row = {
  id: 'some/row',
  what: 'Something measured',
  value: 1,
  unit: '×',
  bound: 1,
  direction: 'at most',
}

describe('judge()', () => {
  test.each([
    ['at most', 0.9, 'held'],
    ['at most', 1, 'held'],
    ['at most', 1.1, 'missed'],
    ['at least', 0.9, 'missed'],
    ['at least', 1, 'held'],
    ['at least', 1.1, 'held'],
  ] as const)('of a row that has to be %s 1 and is %d: %s', (direction, value, verdict) => {
    expect(judge({ ...ROW, direction, value })).toBe(verdict)
  })

  test.each([
    ['at least', 0.9, 'missed'],
    ['at least', 1.5, 'short'],
    ['at least', 2, 'held'],
  ] as const)('of a row that is to become 2, and is %s %d: %s', (direction, value, verdict) => {
    expect(judge({ ...ROW, direction, value, aim: 2 })).toBe(verdict)
  })

  test.each(['at most', 'at least'] as const)(
    'misses %s a bound with what is no number',
    (direction) => {
      expect(judge({ ...ROW, direction, value: Number.NaN })).toBe('missed')
    },
  )

  test('asks nothing of a row without a bound', () => {
    expect(judge({ ...ROW, value: 1_000_000, bound: null })).toBe('told')
  })
})
