import { expect, test } from 'vitest'
import * as z from 'zod'
import { fieldErrors } from './field-errors.ts'

const schema = z.strictObject({ a: z.strictObject({ b: z.string() }) })
const errorsOf = (value: unknown) =>
  fieldErrors(schema.safeParse(value).error ?? new z.ZodError([]))

test('fieldErrors() points at what is wrong and at what is unknown', () => {
  expect(errorsOf({ a: { b: 1, 'c/~': 2 } }).map(({ pointer }) => pointer)).toEqual([
    '/a/b',
    '/a/c~1~0',
  ])
})

// Somebody pastes a private key where the name of a field belongs.
test('fieldErrors() does not repeat a name that is too long for one', () => {
  const name = 'MIIE'.repeat(30)
  const errors = errorsOf({ a: { b: '', [name]: 1 } })
  expect(errors.map(({ pointer }) => pointer)).toEqual(['/a'])
  expect(JSON.stringify(errors)).not.toContain('MIIE')
})

test('fieldErrors() points into the alternative that was meant', () => {
  const either = z.union([z.strictObject({ one: z.string() }), z.strictObject({ two: z.string() })])
  const pointersOf = (value: unknown) =>
    fieldErrors(either.safeParse(value).error ?? new z.ZodError([])).map(({ pointer }) => pointer)
  expect(pointersOf({ two: 2 })).toEqual(['/two'])
  expect(pointersOf({ one: '1', other: 1 })).toEqual(['/other'])
  expect(pointersOf({})).toEqual(['/one'])
  expect(pointersOf([])).toEqual([''])
})

// A small request must not have a large answer.
test('fieldErrors() tells of the first twenty', () => {
  const junk = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x${index}`, 1]))
  expect(errorsOf({ a: { b: 1, ...junk } })).toHaveLength(20)
})
