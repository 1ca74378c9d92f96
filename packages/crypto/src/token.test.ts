import { seededRandom } from '@latchkey/core/testing'
import { expect, test } from 'vitest'
import { sha256Hex } from './digest.ts'
import { isTokenShaped, mintToken, tokenDigest } from './token.ts'

test('mintToken() makes another token each time, each of the right shape', () => {
  const random = seededRandom(1)
  const tokens = Array.from({ length: 50 }, () => mintToken(random))
  expect(new Set(tokens).size).toBe(50)
  expect(tokens.every((token) => isTokenShaped(token))).toBe(true)
})

test('mintToken() carries all 32 bytes', () => {
  const random = { fraction: () => 0, bytes: (length: number) => new Uint8Array(length).fill(255) }
  expect(mintToken(random)).toBe(`lk_${'_'.repeat(42)}8`)
})

test('tokenDigest() is the SHA-256 of the text', async () => {
  expect(await tokenDigest('lk_x')).toBe(await sha256Hex('lk_x'))
})

test.each([
  '',
  'lk_',
  `lk_${'a'.repeat(42)}`,
  `lk_${'a'.repeat(44)}`,
  `LK_${'a'.repeat(43)}`,
  `lk_${'a'.repeat(42)}+`,
  `lk_${'a'.repeat(43)}\n`,
])('isTokenShaped() refuses "%s"', (text) => {
  expect(isTokenShaped(text)).toBe(false)
})
