import { describe, expect, test } from 'vitest'
import { parseForm } from './form.ts'

describe('parseForm()', () => {
  test('reads the fields of a form, each of a name that is repeated', () => {
    expect([...parseForm('a=1&b=%2B+2&a=3')]).toEqual([
      ['a', '1'],
      ['b', '+ 2'],
      ['a', '3'],
    ])
  })

  // A body of the largest size keeps a server busy for seconds with fields that nobody asked for.
  test.each([
    ['empty ones', '&'.repeat(100)],
    ['half a million', 'a&'.repeat(512 * 1024)],
  ])('refuses more than 100 fields: %s', (_, text) => {
    expect(() => parseForm(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test('takes 100', () => {
    expect([...parseForm(Array.from({ length: 100 }, () => 'a=').join('&'))]).toHaveLength(100)
  })
})
