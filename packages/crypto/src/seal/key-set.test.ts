import { SettingError } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../encoding.ts'
import { generateKeyRing, parseKeySet } from './key-set.ts'

const k = toBase64Url(new Uint8Array(32).fill(7))
const key = { kty: 'oct', k, kid: 'a' }

function failure(jwks: unknown): string {
  try {
    parseKeySet(jwks)
  } catch (error) {
    if (error instanceof SettingError) return error.message
    throw error
  }
  return 'no failure'
}

describe('parseKeySet()', () => {
  test('reads keys in their order and ignores what it does not know', () => {
    const set = {
      note: 1,
      keys: [
        { ...key, alg: 'A256GCMKW', use: 'enc', x: 1 },
        { ...key, kid: 'b' },
      ],
    }
    expect(parseKeySet(set).map(({ kid }) => kid)).toEqual(['a', 'b'])
  })

  test.each<[string, unknown, string]>([
    ['null', null, 'must be a JWK set, {"keys": […]}'],
    ['a list', [key], 'must be a JWK set, {"keys": […]}'],
    ['one key', key, 'must be a JWK set, {"keys": […]}'],
    ['no keys', { keys: [] }, 'must have at least one key'],
    ['65 keys', { keys: Array.from({ length: 65 }, () => key) }, 'must have at most 64 keys'],
    ['a text', { keys: [k] }, 'must have an object at keys[0]'],
    ['an RSA key', { keys: [{ ...key, kty: 'RSA' }] }, 'must have "oct" as keys[0].kty'],
    [
      'no kid',
      { keys: [{ kty: 'oct', k }] },
      'must have a text of 1 to 128 characters as keys[0].kid',
    ],
    [
      'an empty kid',
      { keys: [{ ...key, kid: '' }] },
      'must have a text of 1 to 128 characters as keys[0].kid',
    ],
    ['a kid twice', { keys: [key, key] }, 'must have another keys[1].kid than those before it'],
    [
      'another alg',
      { keys: [{ ...key, alg: 'A256KW' }] },
      'must have "A256GCMKW" as keys[0].alg, or leave it out',
    ],
    [
      'another use',
      { keys: [{ ...key, use: 'sig' }] },
      'must have "enc" as keys[0].use, or leave it out',
    ],
    ['no k', { keys: [{ kty: 'oct', kid: 'a' }] }, 'must have 32 bytes in base64url as keys[0].k'],
    [
      '31 bytes',
      { keys: [key, { ...key, kid: 'b', k: k.slice(0, -2) }] },
      'must have 32 bytes in base64url as keys[1].k',
    ],
    ['padding', { keys: [{ ...key, k: `${k}=` }] }, 'must have 32 bytes in base64url as keys[0].k'],
  ])('refuses %s without quoting a key', (_, jwks, message) => {
    expect(failure(jwks)).toBe(`LATCHKEY_KEYS ${message}`)
    expect(failure(jwks)).not.toContain(k.slice(0, 8))
  })
})

test('generateKeyRing() makes another key each time, which parseKeySet() takes', () => {
  const [first, second] = [generateKeyRing(), generateKeyRing()]
  expect(parseKeySet(JSON.parse(JSON.stringify(first)))[0].bytes).toHaveLength(32)
  expect(first.keys[0]?.k).not.toBe(second.keys[0]?.k)
  expect(first.keys[0]?.kid).not.toBe(second.keys[0]?.kid)
})
