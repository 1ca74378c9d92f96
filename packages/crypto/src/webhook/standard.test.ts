import { describe, expect, test } from 'vitest'
import { toUtf8 } from '../encoding.ts'
import { mintWebhookSecret } from './secret.ts'
import { signWebhook, verifyWebhook } from './standard.ts'

// The example of the standard's own libraries.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: 1_614_265_330_000,
  body: '{"test": 2432232314}',
}
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const OTHER = `whsec_${btoa('another secret of 32 bytes here!')}`

const signed = (secrets = [SECRET]) => signWebhook(MESSAGE, secrets)

async function verdictOf(
  changes: Record<string, string> = {},
  { body = MESSAGE.body, secrets = [SECRET], now = MESSAGE.at } = {},
) {
  const headers = new Headers({ ...(await signed()), ...changes })
  return verifyWebhook({ headers, body: toUtf8(body) }, { secrets, now })
}

describe('signWebhook()', () => {
  test('signs as the example of the standard does', async () => {
    expect(await signed()).toEqual({
      'webhook-id': MESSAGE.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNATURE,
    })
  })

  test('signs with each live secret', async () => {
    const { 'webhook-signature': both = '' } = await signed([OTHER, SECRET])
    expect(both.split(' ')).toHaveLength(2)
    for (const secret of [SECRET, OTHER]) {
      const verdict = await verdictOf({ 'webhook-signature': both }, { secrets: [secret] })
      expect(verdict).toEqual({ verdict: 'genuine', id: MESSAGE.id })
    }
  })

  // "a.1" sent at 2 with the body "b" is signed as "a" sent at 1 with the body "2.b".
  test.each(['a.1', '', 'a b', 'ä', 'a'.repeat(257)])('refuses the id "%s"', async (id) => {
    await expect(signWebhook({ ...MESSAGE, id }, [SECRET])).rejects.toThrow(TypeError)
  })

  test.each(['', 'whsec_', `whsec_${btoa('short')}`, SECRET.slice('whsec_'.length), `${SECRET}!`])(
    'refuses the secret "%s" without repeating it',
    async (secret) => {
      const failure: unknown = await signed([secret]).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(TypeError)
      if (secret.length > 6) expect(String(failure)).not.toContain(secret.slice(6))
    },
  )
})

describe('verifyWebhook()', () => {
  test('knows a message by any of the live secrets', async () => {
    const genuine = { verdict: 'genuine', id: MESSAGE.id }
    expect(await verdictOf()).toEqual(genuine)
    expect(await verdictOf({}, { secrets: [OTHER, SECRET] })).toEqual(genuine)
    const many = `v1a,unknown ${SIGNATURE.replace('g0', 'h0')} ${SIGNATURE}`
    expect(await verdictOf({ 'webhook-signature': many })).toEqual(genuine)
  })

  test.each([-5 * 60_000, 5 * 60_000])('takes one that is %i ms away', async (away) => {
    expect(await verdictOf({}, { now: MESSAGE.at + away })).toMatchObject({ verdict: 'genuine' })
  })

  // Somebody who saw a message sends it again later, or one with a clock that was set ahead for it.
  test.each([-5 * 60_000 - 1, 5 * 60_000 + 1])('takes none that is %i ms away', async (away) => {
    expect(await verdictOf({}, { now: MESSAGE.at + away })).toEqual({ verdict: 'stale' })
  })

  // Somebody sends one again as if it were new.
  test.each([
    ['another id', { 'webhook-id': 'msg_2' }],
    ['a later time', { 'webhook-timestamp': '1614265331' }],
    ['another spelling of the time', { 'webhook-timestamp': '01614265330' }],
    ['a time that is none', { 'webhook-timestamp': '1614265330x' }],
    ['no signature', { 'webhook-signature': '' }],
    ['a signature without its scheme', { 'webhook-signature': SIGNATURE.slice(3) }],
    ['an asymmetric scheme', { 'webhook-signature': `v1a${SIGNATURE.slice(2)}` }],
    ['a part of the signature', { 'webhook-signature': SIGNATURE.slice(0, 27) }],
    [
      'more signatures than anybody needs',
      { 'webhook-signature': `${'v1,AA== '.repeat(8)}${SIGNATURE}` },
    ],
  ])('takes none with %s', async (_, changes) => {
    expect(await verdictOf(changes)).toEqual({ verdict: 'forged' })
  })

  test.each([
    ['truncated', MESSAGE.body.slice(0, -1)],
    ['longer', `${MESSAGE.body} `],
    ['written anew', JSON.stringify(JSON.parse(MESSAGE.body))],
    ['empty', ''],
  ])('takes none whose body is %s', async (_, body) => {
    expect(await verdictOf({}, { body })).toEqual({ verdict: 'forged' })
  })

  test('takes none by another secret, or by none', async () => {
    expect(await verdictOf({}, { secrets: [OTHER] })).toEqual({ verdict: 'forged' })
    expect(await verdictOf({}, { secrets: [] })).toEqual({ verdict: 'forged' })
  })
})

test('mintWebhookSecret() makes secrets of 32 bytes that sign', async () => {
  const secret = mintWebhookSecret({ bytes: (length) => new Uint8Array(length), fraction: () => 0 })
  expect(secret).toBe(`whsec_${'A'.repeat(43)}=`)
  expect(await signed([secret])).toHaveProperty('webhook-signature')
})
