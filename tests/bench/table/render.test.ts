import { describe, expect, test } from 'vitest'
import { figure, markdownTable } from './render.ts'

describe('figure()', () => {
  test.each([
    [0.01234, '×', '0.012 ×'],
    [0.6184, '×', '0.62 ×'],
    [12.345, 'ms', '12.3 ms'],
    [12_345.6, '/s', '12,346/s'],
    [-0.25, 'ms', '-0.25 ms'],
    [Number.NaN, 'MB', 'NaN MB'],
  ] as const)('writes %d %s as %s', (value, unit, text) => {
    expect(figure(value, unit)).toBe(text)
  })
})

describe('markdownTable()', () => {
  test('tells each row with its bound and verdict', () => {
    const table = markdownTable([
      { id: 'a/b', what: 'First', value: 0.5, unit: '×', bound: 0.6, direction: 'at least' },
      {
        id: 'b',
        what: 'Other',
        value: 0.5,
        unit: '×',
        bound: 0.4,
        aim: 0.6,
        direction: 'at least',
      },
      { id: 'c', what: 'Second', value: 3, unit: '/s', bound: null, direction: 'at least' },
    ])
    expect(table.split('\n')).toEqual([
      '| row | what   | measured | bound                       | verdict |',
      '| --- | ------ | -------- | --------------------------- | ------- |',
      '| a/b | First  | 0.50 ×   | at least 0.60 ×             | missed  |',
      '| b   | Other  | 0.50 ×   | at least 0.40 ×; aim 0.60 × | short   |',
      '| c   | Second | 3.00/s   | –                           | told    |',
    ])
  })
})
