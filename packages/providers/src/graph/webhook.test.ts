import type { Notice } from '@latchkey/core'
import { toUtf8 } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { graphReceiver } from './webhook.ts'

const WABA = '102290129340398'
const TIME = 1_700_000_000
const CREDENTIALS = { accessToken: 'EAAJB' }

const alert = (value: Readonly<Record<string, unknown>>) => ({
  field: 'flows',
  value: { event: 'ENDPOINT_ERROR_RATE', alert_state: 'ACTIVATED', ...value },
})
const keyAlert = (errorType: unknown, more = {}) =>
  alert({ errors: [{ error_type: errorType, error_rate: 50, error_count: 100 }], ...more })

function read(changes: readonly unknown[], entry: Readonly<Record<string, unknown>> = {}) {
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: WABA, time: TIME, changes, ...entry }],
  }
  return graphReceiver.read(toUtf8(JSON.stringify(body)))
}

const digestsOf = (notices: readonly Notice[]) => notices.map(({ digest }) => digest)
const secretsOf = (more: object) => graphReceiver.secretsOf({ ...CREDENTIALS, ...more })
const greet = (query: Record<string, string>, verifyToken?: string) =>
  graphReceiver.greet?.(new URLSearchParams(query), { ...CREDENTIALS, verifyToken })

async function reasonsOf(...changes: readonly unknown[]): Promise<readonly string[]> {
  return (await read(changes)).map(({ reason }) => reason)
}

describe('graphReceiver.read()', () => {
  // The page's example, its tables with their misspelling, and what clients report.
  test.each([
    ['PUBLIC_KEY_MISSING', 'public-key-missing'],
    ['public-key-missing', 'public-key-missing'],
    ['public_key_missing', 'public-key-missing'],
    ['publicKeyMissing', 'public-key-missing'],
    ['extensions-public-key-missing-identity-key-error', 'public-key-missing'],
    ['public-key-signiture-verification', 'public-key-signature-verification'],
    ['public-key-signature-verification', 'public-key-signature-verification'],
    ['PUBLIC_KEY_SIGNITURE_VERIFICATION', 'public-key-signature-verification'],
    ['PUBLIC_KEY_SIGNATURE_VERIFICATION', 'public-key-signature-verification'],
    ['extensions-public-key-signature-verification-exception', 'public-key-signature-verification'],
    ['business-decryption-error', 'business-decryption-error'],
    ['BUSINESS_DECRYPTION_ERROR', 'business-decryption-error'],
  ])('knows the key error "%s"', async (spelling, reason) => {
    expect(await reasonsOf(keyAlert(spelling))).toEqual([reason])
  })

  test('finds it among others, in the message, and in an alert of another spelling', async () => {
    const errors = [null, { error_type: 7 }, { error_type: 'TIMEOUT' }]
    const missing = { error_type: 'public-key-missing' }
    expect(await reasonsOf(alert({ errors: [...errors, missing] }))).toHaveLength(1)
    expect(await reasonsOf(alert({ message: 'Errors: public-key-missing' }))).toHaveLength(1)
    expect(
      await reasonsOf(keyAlert('public-key-missing', { alert_state: 'activated' })),
    ).toHaveLength(1)
  })

  test.each([
    ['another error', keyAlert('response-decryption-error')],
    ['the end of an alert', keyAlert('public-key-missing', { alert_state: 'DEACTIVATED' })],
    ['no state', keyAlert('public-key-missing', { alert_state: undefined })],
    ['errors that are none', alert({ errors: 'public-key-missing' })],
    ['another event', alert({ event: 'FLOW_STATUS_CHANGE', new_status: 'BLOCKED' })],
    ['another field', { ...keyAlert('public-key-missing'), field: 'messages' }],
    ['no value', { field: 'flows' }],
    ['no change', 'flows'],
  ])('passes over %s', async (_, change) => {
    expect(await reasonsOf(change)).toEqual([])
  })

  test.each([
    ['phone_number_quality_update', { event: 'ONBOARDING' }],
    ['phone_number_name_update', { decision: 'APPROVED' }],
    ['account_update', { event: 'ACCOUNT_RECONNECTED' }],
  ])('takes %s %j for a number that may have been registered again', async (field, value) => {
    expect(await reasonsOf({ field, value })).toEqual([field])
    expect(await reasonsOf({ field, value: { event: 'THROUGHPUT_UPGRADE' } })).toEqual([])
  })

  test('tells whom it is about, and when it was sent', async () => {
    const [notice] = await read([keyAlert('public-key-missing')])
    expect(notice).toMatchObject({ kind: 'check-numbers', account: WABA, sentAt: TIME * 1000 })
    const odd = [{ time: String(TIME) }, { time: TIME * 1000 }, { id: Number(WABA) }]
    for (const entry of odd)
      expect(await read([keyAlert('public-key-missing')], entry)).toMatchObject([
        { account: WABA, sentAt: TIME * 1000 },
      ])
    const [timeless] = await read([keyAlert('public-key-missing')], { time: 'noon' })
    expect(timeless?.sentAt).toBe(null)
  })

  test('knows a notice again in another batch, and no other for it', async () => {
    const change = keyAlert('public-key-missing')
    const [alone] = digestsOf(await read([change]))
    expect(digestsOf(await read([{ field: 'messages', value: {} }, change]))).toEqual([alone])
    const others = [
      await read([keyAlert('public-key-missing', { flow_id: '2' })]),
      await read([change], { time: TIME + 1 }),
      await read([change], { id: '2' }),
    ]
    expect(new Set([alone, ...others.flatMap(digestsOf)]).size).toBe(4)
  })

  test('takes a thousand changes, and no more', async () => {
    const changes = Array.from({ length: 1000 }, (_, flow_id) =>
      keyAlert('public-key-missing', { flow_id }),
    )
    expect(await read(changes)).toHaveLength(1000)
    await expect(read([...changes, {}])).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('passes over what is not about a WhatsApp Business account', async () => {
    const body = JSON.stringify({ object: 'page', entry: [{ id: WABA, changes: [keyAlert('x')] }] })
    expect(await graphReceiver.read(toUtf8(body))).toEqual([])
    expect(await read([], { changes: 'x' })).toEqual([])
    expect(await read([keyAlert('public-key-missing')], { id: {} })).toEqual([])
  })

  test.each(['', '{', '[]', 'null', '{}'])(
    'refuses what Meta does not send: "%s"',
    async (text) => {
      await expect(graphReceiver.read(toUtf8(text))).rejects.toMatchObject({
        code: 'invalid_request',
      })
    },
  )
})

test('graphReceiver.secretsOf() has the previous secret beside a present one alone', () => {
  expect(secretsOf({})).toEqual([])
  expect(secretsOf({ previousAppSecret: 'b' })).toEqual([])
  expect(secretsOf({ appSecret: 'a' })).toEqual(['a'])
  expect(secretsOf({ appSecret: 'a', previousAppSecret: 'b' })).toEqual(['a', 'b'])
})

describe('graphReceiver.greet()', () => {
  const ASKED = { 'hub.mode': 'subscribe', 'hub.verify_token': 'tøken', 'hub.challenge': '11582' }
  test('gives the challenge to who knows the verify token', () => {
    expect(greet(ASKED, 'tøken')).toBe('11582')
  })

  test.each([
    ['another token', ASKED, 'token'],
    ['none, where none is set', { ...ASKED, 'hub.verify_token': '' }, undefined],
    ['a challenge that is no word', { ...ASKED, 'hub.challenge': 'a b' }, 'tøken'],
    ['a challenge that is too long', { ...ASKED, 'hub.challenge': '1'.repeat(257) }, 'tøken'],
    ['another mode', { ...ASKED, 'hub.mode': 'unsubscribe' }, 'tøken'],
  ])('gives nothing for %s', (_, query, token) => {
    expect(greet(query, token)).toBe(null)
  })
})
