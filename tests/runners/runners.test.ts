import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

// The three runners are to mean the same by the same file: this one says what we rely on.

const order: string[] = []

describe('hooks', () => {
  beforeAll(() => {
    order.push('all')
    return () => order.push('end all')
  })
  beforeEach(() => {
    order.push('each')
    return () => order.push('end each')
  })
  afterEach(() => void order.push('after each 1'))
  afterEach(() => void order.push('after each 2'))
  afterAll(() => void order.push('after all'))

  describe('nested', () => {
    beforeAll(() => void order.push('inner all'))
    beforeEach(() => void order.push('inner each'))
    afterEach(() => void order.push('inner after each'))
    afterAll(() => void order.push('inner after all'))

    test('set up from the outside in', () => {
      expect(order).toEqual(['all', 'inner all', 'each', 'inner each'])
      order.length = 0
    })

    test('set up a suite once, and each test anew', () => {
      expect(order.slice(-2)).toEqual(['each', 'inner each'])
      expect(order).not.toContain('inner all')
    })
  })
})

test('hooks tear down from the inside out, the last one first', () => {
  const afterEachTest = ['inner after each', 'after each 2', 'after each 1', 'end each']
  expect(order).toEqual([
    ...afterEachTest,
    'each',
    'inner each',
    ...afterEachTest,
    'inner after all',
    'after all',
    'end all',
  ])
})

describe('test.each()', () => {
  const seen: unknown[] = []

  test.each([
    [1, 'one'],
    [2, 'two'],
  ])('spreads the row %i %s', (number, word) => void seen.push(number, word))

  test.each(['a', 'b'])('hands in the value %s', (letter) => void seen.push(letter))

  test.each([{ name: 'c', deep: { size: 1 } }])('hands in the object $name', (row) => {
    expect(row).toEqual({ name: expect.any(String), deep: { size: 1 } })
    seen.push(row.name)
  })

  test('runs every row, in order', () => {
    expect(seen).toEqual([1, 'one', 2, 'two', 'a', 'b', 'c'])
  })
})

describe.each([[2], [3]])('describe.each() with %i', (factor) => {
  test('hands the row to the suite', () => {
    expect(factor * 2).toBeOneOf([4, 6])
  })
})

describe.skipIf(false)('describe.skipIf()', () => {
  test.runIf(true)('runs what is not to be skipped (here nothing is)', () => {
    expect.hasAssertions()
    expect(test.skipIf).toBeTypeOf('function')
  })
})

describe('expect()', () => {
  class Refusal extends Error {
    readonly code = 'refused'
  }

  test('has asymmetric matchers, also inside of others', async () => {
    expect.assertions(4)
    const value = { id: 'num_1', at: 5, tags: ['a', 'b'], text: 'sentence' }
    expect(value).toEqual({
      id: expect.stringMatching(/^num_/),
      at: expect.any(Number),
      tags: expect.arrayContaining(['b']),
      text: expect.not.stringContaining('x'),
    })
    expect(value).toEqual(expect.objectContaining({ at: expect.anything() }))
    const refused = Promise.reject(new Refusal('No'))
    await expect(refused).rejects.toMatchObject({ code: 'refused' })
    await expect(Promise.resolve(1)).resolves.toBeLessThan(2)
  })

  test('tells why it fails', () => {
    expect(() => expect({ a: 1 }).toStrictEqual({ a: 2 })).toThrow(/deeply|strictly equal/)
    expect(() => expect.unreachable('here')).toThrow('here')
  })
})
