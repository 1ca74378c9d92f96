import { base64url, CompactEncrypt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromBase64Url, toBase64Url, toUtf8 } from '../encoding.ts'
import { failureOf } from '../testing/faults.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'

const member = (kid: string, fill: number) => ({
  kty: 'oct',
  kid,
  k: toBase64Url(new Uint8Array(32).fill(fill)),
})
const PLACE = 'connection/con_1/credentials'
const SECRET = '{"accessToken":"grün 🔑"}'

let ring: KeyRing
let sealed: string
beforeAll(async () => {
  ring = await createKeyRing({ keys: [member('a', 1)] })
  sealed = await ring.sealer.seal(SECRET, PLACE)
})

describe('sealer', () => {
  test('open() gives back what seal() took', async () => {
    expect(await ring.sealer.open(sealed, PLACE)).toBe(SECRET)
  })

  test.each(['', '\uFEFFmark', 'a'.repeat(1_048_576)])(
    'seals texts of any kind (%#)',
    async (text) => {
      expect(await ring.sealer.open(await ring.sealer.seal(text, PLACE), PLACE)).toBe(text)
    },
  )

  test('seal() gives compact JWE whose header names algorithms, key and place', () => {
    const { iv, tag, ...header } = decodeProtectedHeader(sealed)
    expect(sealed.split('.')).toHaveLength(5)
    expect([typeof iv, typeof tag]).toEqual(['string', 'string'])
    expect(header).toEqual({
      alg: 'A256GCMKW',
      enc: 'A256GCM',
      kid: 'a',
      crit: ['lkp'],
      lkp: PLACE,
    })
  })

  test('seal() never gives the same twice', async () => {
    expect(await ring.sealer.seal(SECRET, PLACE)).not.toBe(sealed)
  })

  test('seal() refuses more than a row holds', async () => {
    expect(await failureOf(ring.sealer.seal('a'.repeat(1_048_577), PLACE))).toMatch(
      /^internal: .*larger/,
    )
  })

  // Whoever can write to the database must not make one connection use the credentials of another.
  test.each(['connection/con_2/credentials', 'connection/con_1/session', '', `${PLACE} `])(
    'open() refuses a value that was moved to "%s"',
    async (place) => {
      expect(await failureOf(ring.sealer.open(sealed, place))).toBe(
        'internal: Cannot open sealed value: it was sealed for another place',
      )
    },
  )

  test('open() refuses a value in which any part was altered', async () => {
    const parts = sealed.split('.')
    for (const [index, part] of parts.entries()) {
      const bytes = fromBase64Url(part) ?? new Uint8Array()
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      const altered = parts.with(index, toBase64Url(bytes)).join('.')
      expect(await failureOf(ring.sealer.open(altered, PLACE))).toMatch(/^internal: Cannot open/)
    }
  })

  // The place is told in the header, so the header is what an attacker would rewrite.
  test('open() refuses a header rewritten to the wanted place', async () => {
    const [header = '', ...rest] = sealed.split('.')
    const text = new TextDecoder().decode(base64url.decode(header)).replace('con_1', 'con_2')
    const altered = [toBase64Url(toUtf8(text)), ...rest].join('.')
    expect(await failureOf(ring.sealer.open(altered, 'connection/con_2/credentials'))).toMatch(
      /^internal: .*altered/,
    )
  })

  test.each(['', 'null', 'a.b.c.d.e', '....', 'eyJraWQiOiJhIn0....', 'eyJraWQiOlsiYSJdfQ....'])(
    'open() refuses "%s", which is no sealed value',
    async (text) => {
      expect(await failureOf(ring.sealer.open(text, PLACE))).toMatch(/^internal: Cannot open/)
    },
  )

  test('open() refuses more than seal() ever makes before looking at it', async () => {
    expect(await failureOf(ring.sealer.open('a'.repeat(1_500_000), PLACE))).toMatch(/too large/)
  })

  test.each([
    ['another enc', { alg: 'A256GCMKW', enc: 'A128CBC-HS256', crit: ['lkp'], lkp: PLACE }],
    ['another alg', { alg: 'dir', enc: 'A256GCM', crit: ['lkp'], lkp: PLACE }],
    ['no place', { alg: 'A256GCMKW', enc: 'A256GCM' }],
    ['compression', { alg: 'A256GCMKW', enc: 'A256GCM', zip: 'DEF', crit: ['lkp'], lkp: PLACE }],
    [
      'an unknown extension',
      { alg: 'A256GCMKW', enc: 'A256GCM', crit: ['lkp', 'x'], lkp: PLACE, x: 1 },
    ],
  ])('open() refuses JWE with %s, though made with the right key', async (_, header) => {
    const key = new Uint8Array(32).fill(1)
    const foreign = await new CompactEncrypt(toUtf8(SECRET))
      .setProtectedHeader({ ...header, kid: 'a' })
      .encrypt(key, { crit: { lkp: true, x: true } })
    expect(await failureOf(ring.sealer.open(foreign, PLACE))).toMatch(/^internal: Cannot open/)
  })
})

describe('key ring', () => {
  test('opens with every key and seals with the first', async () => {
    const turned = await createKeyRing({ keys: [member('b', 2), member('a', 1)] })
    expect(await turned.sealer.open(sealed, PLACE)).toBe(SECRET)
    const renewed = await turned.sealer.seal(SECRET, PLACE)
    expect(decodeProtectedHeader(renewed).kid).toBe('b')
    expect([turned.isCurrent(sealed), turned.isCurrent(renewed)]).toEqual([false, true])
  })

  test('does not open what a removed key sealed', async () => {
    const later = await createKeyRing({ keys: [member('b', 2)] })
    expect(await failureOf(later.sealer.open(sealed, PLACE))).toMatch(/not in the key ring/)
  })

  test('does not open what another key of the same name sealed', async () => {
    const other = await createKeyRing({ keys: [member('a', 9)] })
    expect(await failureOf(other.sealer.open(sealed, PLACE))).toMatch(
      /another key of the same name/,
    )
  })

  test('isCurrent() is false for what is not sealed', () => {
    expect(ring.isCurrent('')).toBe(false)
    expect(ring.isCurrent('plain text')).toBe(false)
  })
})
