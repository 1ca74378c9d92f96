import { describe, expect, test } from 'vitest'
import { constantTimeEqual, constantTimeEqualText, hmacSha256, sha256Hex } from './digest.ts'
import { toHex } from './encoding.ts'

describe('sha256Hex()', () => {
  // FIPS 180-4's example, and the empty message.
  test.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('digests "%s"', async (text, hex) => {
    expect(await sha256Hex(text)).toBe(hex)
  })

  test('takes text as its UTF-8', async () => {
    expect(await sha256Hex('ü')).toBe(await sha256Hex(Uint8Array.of(0xc3, 0xbc)))
  })

  // Written as U+FFFD, all of them would be the same.
  test('refuses a lone surrogate', async () => {
    await expect(sha256Hex('\ud800')).rejects.toThrow('lone surrogate')
  })
})

describe('hmacSha256()', () => {
  test('agrees with RFC 4231 §4.3', async () => {
    expect(toHex(await hmacSha256('Jefe', 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('agrees with RFC 4231 §4.7, a key longer than a block', async () => {
    const key = new Uint8Array(131).fill(0xaa)
    const data = 'Test Using Larger Than Block-Size Key - Hash Key First'
    expect(toHex(await hmacSha256(key, data))).toBe(
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    )
  })
})

describe('constantTimeEqual()', () => {
  test.each([
    [[], [], true],
    [[1, 2, 3], [1, 2, 3], true],
    [[1, 2, 3], [1, 2, 4], false],
    [[0, 2, 3], [1, 2, 3], false],
    [[1, 2], [1, 2, 0], false],
    [[], [0], false],
  ])('compares %j with %j', (a, b, equal) => {
    expect(constantTimeEqual(Uint8Array.from(a), Uint8Array.from(b))).toBe(equal)
  })

  test('constantTimeEqualText() compares texts', () => {
    expect(constantTimeEqualText('grün', 'grün')).toBe(true)
    expect(constantTimeEqualText('grün', 'grun')).toBe(false)
  })
})
