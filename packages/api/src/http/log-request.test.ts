import { expect, test } from 'vitest'
import { placeOf } from './log-request.ts'

test('placeOf() tells where an error was thrown', () => {
  expect(placeOf(new Error('x'))).toContain('log-request.test')
})

// A parser's error quotes its input, and the input has a line that begins as a frame does.
test('placeOf() does not take a line of the message for a place', () => {
  expect(placeOf(new Error('Unexpected token in\n    at secret (x:1:1)'))).not.toContain('secret')
})

test('placeOf() is unknown where there is no stack', () => {
  const error = new Error('x')
  delete error.stack
  expect(placeOf(error)).toBe('unknown')
})
