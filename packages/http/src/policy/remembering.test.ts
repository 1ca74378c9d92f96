import { expect, test } from 'vitest'
import { remembering } from './remembering.ts'

function counted(max: number) {
  const asked: number[] = []
  const find = (question: number) => {
    asked.push(question)
    if (question < 0) throw new Error('Cannot find')
    return { question }
  }
  return { asked, find: remembering(find, { max, keyOf: String }) }
}

test('remembering() asks once for what it has found, and again for what was refused', () => {
  const { asked, find } = counted(2)
  expect(find(1)).toBe(find(1))
  expect(() => find(-1)).toThrow('Cannot find')
  expect(() => find(-1)).toThrow('Cannot find')
  expect(asked).toEqual([1, -1, -1])
})

test('remembering() forgets the oldest', () => {
  const { asked, find } = counted(2)
  for (const question of [1, 2, 3, 2, 1]) expect(find(question)).toEqual({ question })
  expect(asked).toEqual([1, 2, 3, 1])
})
