import { DAY } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { form, testSandbox, type Called, type TestSandbox } from '../testing/call.ts'
import { anyText, containing } from '../testing/containing.ts'
import { KEY_A, SHORT_KEY } from '../testing/keys.ts'
import { SAMPLE, sampleWorld } from '../world.ts'

const { onprem } = SAMPLE
const LOGIN = '/onprem/v1/users/login'
const SETTING = '/onprem/v1/settings/business/whatsapp_business_encryption'
const KEY = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
const META = { api_status: 'stable', version: 'v2.53.4' }

function logIn(sandbox: TestSandbox, name: string, password: string, body?: object) {
  const headers = {
    authorization: `Basic ${btoa(`${name}:${password}`)}`,
    'content-type': 'application/json',
  }
  return sandbox.call(LOGIN, {
    method: 'POST',
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  })
}

async function bearer(
  sandbox: TestSandbox,
  name: string = onprem.username,
  password: string = onprem.password,
): Promise<Record<string, string>> {
  const { text } = await logIn(sandbox, name, password)
  return { authorization: `Bearer ${/"token":"([^"]+)"/.exec(text)?.[1]}` }
}

function failure(code: number, rest: object = {}): unknown {
  return { meta: META, errors: [containing({ code, ...rest })] }
}

function outcome({ status, json }: Called): unknown {
  return [status, json]
}

describe('logging in to an On-Premises client', () => {
  test('gives a JWT and an expiry seven days off, written with a space', async () => {
    const sandbox = testSandbox()
    const { status, json, text } = await logIn(sandbox, onprem.username, onprem.password)
    expect([status, json]).toEqual([
      200,
      {
        users: [{ token: anyText, expires_after: '2026-11-28 12:00:00+00:00' }],
        meta: META,
      },
    ])
    const claims = atob(/"token":"[^.]+\.([^.]+)\./.exec(text)?.[1] ?? '')
    expect(JSON.parse(claims)).toMatchObject({ user: 'admin', 'wa:rand': 1 })
  })

  test('refuses bad credentials with HTTP 401', async () => {
    const sandbox = testSandbox()
    expect((await logIn(sandbox, onprem.username, 'wrong')).status).toBe(401)
    expect((await logIn(sandbox, 'nobody', onprem.password)).status).toBe(401)
    expect((await sandbox.call(LOGIN, { method: 'POST' })).status).toBe(401)
  })

  test('demands a new password of a fresh admin with 1024, and keeps it', async () => {
    const sandbox = testSandbox()
    const { freshUsername: name, freshPassword: password } = onprem
    expect(outcome(await logIn(sandbox, name, password))).toEqual([401, failure(1024)])
    const weak = await logIn(sandbox, name, password, { new_password: 'weak' })
    expect(outcome(weak)).toEqual([400, failure(1009)])
    const strong = 'Str0ng-enough'
    expect((await logIn(sandbox, name, password, { new_password: strong })).status).toBe(200)
    expect((await logIn(sandbox, name, password)).status).toBe(401)
    expect((await logIn(sandbox, name, strong)).status).toBe(200)
  })

  test('ends a token at logout, after seven days, and when all are made worthless', async () => {
    const sandbox = testSandbox()
    const read = async (headers: Record<string, string>) =>
      (await sandbox.call(SETTING, { headers })).status
    const [first, second, third] = [
      await bearer(sandbox),
      await bearer(sandbox),
      await bearer(sandbox),
    ]
    await sandbox.call('/onprem/v1/users/logout', { method: 'POST', headers: first })
    expect([await read(first), await read(second)]).toEqual([401, 200])
    await sandbox.control.expireTokens('onprem')
    expect(await read(second)).toBe(401)
    const fourth = await bearer(sandbox)
    await sandbox.control.advanceClock(7 * DAY)
    expect([await read(third), await read(fourth)]).toEqual([401, 401])
  })
})

describe('the On-Premises encryption setting', () => {
  test('takes public_key as a form or as JSON, and shows it flat without meta', async () => {
    const sandbox = testSandbox()
    const headers = await bearer(sandbox)
    const body = form('public_key', KEY_A)
    const written = await sandbox.call(SETTING, { method: 'POST', headers, body })
    expect(outcome(written)).toEqual([200, { meta: META }])
    const json = { ...headers, 'content-type': 'application/json' }
    const again = { method: 'POST', headers: json, body: JSON.stringify({ public_key: KEY_A }) }
    expect((await sandbox.call(SETTING, again)).status).toBe(200)
    expect((await sandbox.call(SETTING, { headers })).json).toEqual({
      [KEY]: KEY_A,
      [STATUS]: 'VALID',
    })
    expect((await sandbox.control.state('onprem')).numbers[0]?.writes).toBe(2)
  })

  test.each([
    ['meta', { [KEY]: KEY_A, [STATUS]: 'VALID', meta: META }],
    ['settings', { settings: { [KEY]: KEY_A, [STATUS]: 'VALID' }, meta: META }],
    [
      'settings-path',
      {
        settings: {
          business: { whatsapp_business_encryption: { [KEY]: KEY_A, [STATUS]: 'VALID' } },
        },
        meta: META,
      },
    ],
  ] as const)('wraps a read by the knob %s', async (envelope, expected) => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('onprem', { envelope })
    const key = { pem: KEY_A, status: 'VALID' as const }
    await sandbox.control.setNumber('onprem', onprem.phoneNumber, { key })
    expect((await sandbox.call(SETTING, { headers: await bearer(sandbox) })).json).toEqual(expected)
  })

  test.each([
    ['empty-object', 200, {}],
    ['blank-key', 200, { [KEY]: ' ', [STATUS]: 'MISMATCH' }],
    ['missing-key', 200, { [STATUS]: 'MISMATCH' }],
    ['not-found', 404, failure(1006)],
  ] as const)('tells an unset key as %s', async (unset, status, expected) => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('onprem', { unset })
    const seen = await sandbox.call(SETTING, { headers: await bearer(sandbox) })
    expect(outcome(seen)).toEqual([status, expected])
  })

  test('refuses a key that is missing, misnamed, invalid or wrongly encoded', async () => {
    const sandbox = testSandbox()
    const headers = await bearer(sandbox)
    const send = async (name: string, value: string) =>
      outcome(await sandbox.call(SETTING, { method: 'POST', headers, body: form(name, value) }))
    expect(await send('business_public_key', KEY_A)).toEqual([400, failure(1008)])
    expect(await send('public_key', SHORT_KEY)).toEqual([400, failure(1009)])
    await sandbox.control.setKnobs('onprem', { accepts: 'json' })
    expect(await send('public_key', KEY_A)).toEqual([400, failure(1008)])
    const json = { ...headers, 'content-type': 'application/json' }
    const broken = await sandbox.call(SETTING, { method: 'POST', headers: json, body: '{' })
    expect(outcome(broken)).toEqual([400, failure(1025)])
  })

  test('turns the key to MISMATCH when the number is registered again', async () => {
    const sandbox = testSandbox()
    const key = { pem: KEY_A, status: 'VALID' as const }
    await sandbox.control.setNumber('onprem', onprem.phoneNumber, { key })
    await sandbox.control.reregister('onprem', onprem.phoneNumber)
    const { json } = await sandbox.call(SETTING, { headers: await bearer(sandbox) })
    expect(json).toMatchObject({ [STATUS]: 'MISMATCH' })
  })

  test('needs the admin role by knob: 1005 with HTTP 403', async () => {
    const sandbox = testSandbox()
    const headers = await bearer(sandbox, onprem.userUsername, onprem.userPassword)
    expect((await sandbox.call(SETTING, { headers })).status).toBe(200)
    await sandbox.control.setKnobs('onprem', { settingsNeedAdmin: true })
    expect(outcome(await sandbox.call(SETTING, { headers }))).toEqual([403, failure(1005)])
  })

  test('is not there before release 2.51 of the client', async () => {
    const sandbox = testSandbox({
      ...sampleWorld,
      onprem: { ...sampleWorld.onprem, clientVersion: '2.9.3' },
    })
    const headers = await bearer(sandbox)
    expect((await sandbox.call(SETTING, { headers })).status).toBe(404)
  })
})

describe('the rest of the On-Premises client', () => {
  test('tells its health, its version without v by knob, and its headers', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('onprem', { version: 'without-v' })
    const headers = await bearer(sandbox)
    const health = await sandbox.call('/onprem/v1/health', { headers })
    expect(health.json).toEqual({
      health: { gateway_status: 'connected' },
      meta: { api_status: 'stable', version: '2.53.4' },
    })
    expect(health.headers.get('cache-control')).toBe('no-cache, private')
    expect(health.headers.get('x-request-id')).toMatch(/^sandbox-/)
  })

  test.each([
    [1014, 500],
    [1015, 429],
    [1016, 503],
  ])('answers a vendor-error fault with code %i by HTTP %i', async (code, status) => {
    const sandbox = testSandbox()
    await sandbox.control.addFault({ upstream: 'onprem', answer: { kind: 'vendor-error', code } })
    expect(outcome(await sandbox.call(SETTING))).toEqual([status, failure(code)])
  })

  test('answers an unknown path with 1006', async () => {
    const sandbox = testSandbox()
    const headers = await bearer(sandbox)
    expect(outcome(await sandbox.call('/onprem/v1/none', { headers }))).toEqual([
      404,
      failure(1006),
    ])
  })
})
