import { describe, expect, test } from 'vitest'
import { fromBase64, fromBase64Url, toBase64, toBase64Url, toHex, toUtf8 } from './encoding.ts'

describe('base64', () => {
  // RFC 4648 §10.
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('toBase64() and fromBase64() agree with RFC 4648 on "%s"', (text, base64) => {
    expect(toBase64(toUtf8(text))).toBe(base64)
    expect(fromBase64(base64)).toEqual(toUtf8(text))
  })

  test.each(['Zg', 'Zg=', 'Zh==', 'Zm9v\n', ' Zm9v', 'Zm9v====', 'Zm9-', 'Zm9v!'])(
    'fromBase64() refuses the second spelling "%s"',
    (text) => {
      expect(fromBase64(text)).toBeNull()
    },
  )
})

describe('base64url', () => {
  test('toBase64Url() and fromBase64Url() use the URL alphabet without padding', () => {
    const bytes = Uint8Array.of(0xfb, 0xff, 0xfe, 0x01)
    expect(toBase64Url(bytes)).toBe('-__-AQ')
    expect(fromBase64Url('-__-AQ')).toEqual(bytes)
  })

  test.each(['-__-AQ==', '+//+AQ', '-__-AR', '-__-A'])(
    'fromBase64Url() refuses the second spelling "%s"',
    (text) => {
      expect(fromBase64Url(text)).toBeNull()
    },
  )
})

test('toHex() writes two lower-case digits a byte', () => {
  expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff')
})

test('toUtf8() refuses a lone surrogate', () => {
  expect(() => toUtf8('a\uD800')).toThrow(TypeError)
})
