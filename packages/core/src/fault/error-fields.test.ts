import { describe, expect, test } from 'vitest'
import { errorFields } from './error-fields.ts'
import { Fault } from './fault.ts'

describe('errorFields()', () => {
  test('tells where a defect was thrown', () => {
    const { at, ...fields } = errorFields(new TypeError('x'))
    expect(fields).toEqual({ code: 'internal', error: 'TypeError' })
    expect(at).toContain('error-fields.test')
  })

  test('tells where a fault that is a defect was thrown', () => {
    const { at, ...fields } = errorFields(new Fault('internal', 'x'))
    expect(fields).toEqual({ code: 'internal', error: 'Fault' })
    expect(at).toContain('error-fields.test')
  })

  test('tells the code alone of a fault that is none', () => {
    expect(errorFields(new Fault('upstream_timeout', 'x'))).toEqual({ code: 'upstream_timeout' })
  })

  // A parser's error quotes its input, and the input has a line that begins as a frame does.
  test('does not take a line of the message for a place', () => {
    const fields = errorFields(new Error('Unexpected token in\n    at secret (x:1:1)'))
    expect(JSON.stringify(fields)).not.toContain('secret')
  })

  test('knows no place where there is no stack', () => {
    const error = new Error('x')
    delete error.stack
    expect(errorFields(error)).toMatchObject({ at: 'unknown' })
    expect(errorFields('thrown')).toEqual({ code: 'internal', error: 'string', at: 'unknown' })
  })
})
