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
