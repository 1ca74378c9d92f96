import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

// The sample of RFC 8785 §3.2.2 with the order of §3.2.3.
test('canonicalJson() sorts members by UTF-16 code units, at every depth', () => {
  const value = {
    peach: { z: 1, a: [{ b: 2, a: 1 }] },
    '€': 1,
    '\r': 2,
    '1': 3,
    '😀': 4,
    '\ufb33': 5,
  }
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":3,"peach":{"a":[{"a":1,"b":2}],"z":1},"€":1,"😀":4,"\ufb33":5}',
  )
})

test.each([
  [333333333.3333333, '333333333.3333333'],
  [1e30, '1e+30'],
  [4.5, '4.5'],
  [2e-3, '0.002'],
  [1e-27, '1e-27'],
  [-0, '0'],
])('canonicalJson() writes numbers as ECMAScript does (RFC 8785 §3.2.2.3): %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test('canonicalJson() escapes only what JSON has to', () => {
  expect(canonicalJson('€$\u000f\nA\'B"\\')).toBe('"€$\\u000f\\nA\'B\\"\\\\"')
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('canonicalJson() rejects %s', (value) => {
  expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ code: 'internal' }))
})
