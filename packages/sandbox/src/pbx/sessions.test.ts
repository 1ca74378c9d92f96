import { DAY, MINUTE } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { testSandbox, type TestSandbox } from '../testing/call.ts'
import { anyText, containing } from '../testing/containing.ts'
import { callPbx, logIn, pbxClient, postPbx, textIn } from '../testing/pbx.ts'
import { SAMPLE } from '../world.ts'

const LIST = 'certificate/list'
const EXPIRED = { errcode: 10004, errmsg: 'TOKEN EXPIRED' }
const SUCCESS = containing({ errcode: 0, errmsg: 'SUCCESS' })

async function list(sandbox: TestSandbox, token: string): Promise<unknown> {
  return (await callPbx(sandbox, `${LIST}?access_token=${token}`)).json
}

async function fillUp(sandbox: TestSandbox): Promise<readonly string[]> {
  const tokens: string[] = []
  for (let count = 0; count < 8; count += 1)
    tokens.push(textIn(await logIn(sandbox), 'access_token'))
  return tokens
}

async function start(sandbox: TestSandbox) {
  const answer = await logIn(sandbox)
  return { access: textIn(answer, 'access_token'), refresh: textIn(answer, 'refresh_token') }
}

function renew(sandbox: TestSandbox, refresh: string) {
  return postPbx(sandbox, 'refresh_token', { refresh_token: refresh })
}

describe('get_token', () => {
  test('gives an access token for 1800 s and a refresh token for 86400 s', async () => {
    const sandbox = testSandbox()
    const answer = await logIn(sandbox)
    expect(answer).toEqual({
      errcode: 0,
      errmsg: 'SUCCESS',
      access_token_expire_time: 1800,
      access_token: anyText,
      refresh_token_expire_time: 86400,
      refresh_token: anyText,
    })
    const token = textIn(answer, 'access_token')
    expect(token).toMatch(/^\w{32}$/)
    await sandbox.control.advanceClock(30 * MINUTE - 1)
    expect(await list(sandbox, token)).toEqual(SUCCESS)
    await sandbox.control.advanceClock(1)
    expect(await list(sandbox, token)).toEqual(EXPIRED)
  })

  test('refuses wrong credentials with -1, HTTP 200 and the list of what is wrong', async () => {
    const sandbox = testSandbox()
    const init = {
      method: 'POST',
      body: JSON.stringify({ username: SAMPLE.pbx.clientId, password: 'wrong' }),
    }
    const { status, json } = await callPbx(sandbox, 'get_token', init)
    expect([status, json]).toEqual([
      200,
      {
        errcode: -1,
        errmsg: 'FAILURE',
        invalid_param_list: [{ field: 'username or password', value: 'error' }],
      },
    ])
    const nameless = await postPbx(sandbox, 'get_token', { password: 'x' })
    expect(nameless).toEqual({
      errcode: 40002,
      errmsg: 'PARAMETER ERROR',
      invalid_param_list: [{ field: 'username', validation_type: 'required' }],
    })
    const broken = await callPbx(sandbox, 'get_token', { method: 'POST', body: '{' })
    expect(broken.json).toEqual({ errcode: 40001, errmsg: 'PARAMETER SYNTAX ERROR' })
  })

  test('gives no ninth token while eight are live', async () => {
    const sandbox = testSandbox()
    const [first = ''] = await fillUp(sandbox)
    expect(await logIn(sandbox)).toEqual({ errcode: 60002, errmsg: 'MAX LIMITATION EXCEEDED' })
    expect((await sandbox.control.state('pbx')).details.liveTokens).toBe(8)
    const ended = await callPbx(sandbox, `del_token?access_token=${first}`)
    expect(ended.json).toEqual({ errcode: 0, errmsg: 'SUCCESS' })
    expect(await list(sandbox, first)).toEqual(EXPIRED)
    expect(await logIn(sandbox)).toEqual(SUCCESS)
    await sandbox.control.advanceClock(30 * MINUTE)
    expect(await logIn(sandbox)).toEqual(SUCCESS)
  })

  test('ends the earlier tokens by knob', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('pbx', { login: 'replaces' })
    const first = textIn(await logIn(sandbox), 'access_token')
    expect(await list(sandbox, first)).toEqual(SUCCESS)
    await logIn(sandbox)
    expect(await list(sandbox, first)).toEqual(EXPIRED)
  })

  // A client that loops on a wrong secret locks its whole address out.
  test('blocks the caller after five failures in a row, until it is unblocked', async () => {
    const sandbox = testSandbox()
    const client = await pbxClient(sandbox)
    for (let count = 0; count < 4; count += 1) await logIn(sandbox, 'wrong')
    expect(await logIn(sandbox)).toEqual(SUCCESS)
    for (let count = 0; count < 5; count += 1)
      expect(await logIn(sandbox, 'wrong')).toMatchObject({ errcode: -1 })
    const blocked = { errcode: 70004, errmsg: 'ACCOUNT IP BLOCKED' }
    expect([await logIn(sandbox), await client.get(LIST)]).toEqual([blocked, blocked])
    expect((await sandbox.control.state('pbx')).details.blocked).toBe(true)
    await sandbox.control.advanceClock(DAY)
    expect(await logIn(sandbox)).toEqual(blocked)
    await sandbox.control.unblock()
    expect(await logIn(sandbox)).toEqual(SUCCESS)
  })
})

describe('refresh_token', () => {
  test('gives a fresh pair in place of the old one, at the limit too', async () => {
    const sandbox = testSandbox()
    const { access, refresh } = await start(sandbox)
    for (let count = 0; count < 7; count += 1) await logIn(sandbox)
    const renewed = await renew(sandbox, refresh)
    expect(renewed).toMatchObject({ errcode: 0, access_token_expire_time: 1800 })
    expect(await list(sandbox, access)).toEqual(EXPIRED)
    expect(await list(sandbox, textIn(renewed, 'access_token'))).toEqual(SUCCESS)
    expect(await renew(sandbox, refresh)).toEqual(EXPIRED)
  })

  test('takes the same refresh token again by knob, for a day', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('pbx', { refresh: 'keeps' })
    const { refresh } = await start(sandbox)
    const second = textIn(await renew(sandbox, refresh), 'access_token')
    await sandbox.control.advanceClock(DAY - 1)
    expect(await renew(sandbox, refresh)).toEqual(SUCCESS)
    expect(await list(sandbox, second)).toEqual(EXPIRED)
    await sandbox.control.advanceClock(1)
    expect(await renew(sandbox, refresh)).toEqual(EXPIRED)
  })

  test('is refused after del_token, and after eight other logins', async () => {
    const sandbox = testSandbox()
    const { access, refresh } = await start(sandbox)
    await callPbx(sandbox, `del_token?access_token=${access}`)
    expect(await renew(sandbox, refresh)).toEqual(EXPIRED)
    const other = await start(sandbox)
    await sandbox.control.advanceClock(30 * MINUTE)
    await fillUp(sandbox)
    expect(await renew(sandbox, other.refresh)).toMatchObject({ errcode: 60002 })
  })
})

describe('every call', () => {
  test('takes its token in the query alone', async () => {
    const sandbox = testSandbox()
    const { token } = await pbxClient(sandbox)
    const headers = { authorization: `Bearer ${token}` }
    expect((await callPbx(sandbox, LIST, { headers })).json).toEqual(EXPIRED)
    expect((await callPbx(sandbox, LIST)).json).toEqual(EXPIRED)
    await sandbox.control.expireTokens('pbx')
    expect(await list(sandbox, token)).toEqual(EXPIRED)
  })

  test('needs a User-Agent, unless the knob says otherwise', async () => {
    const sandbox = testSandbox()
    const { token } = await pbxClient(sandbox)
    const bare = async () =>
      (await sandbox.call(`/pbx/openapi/v1.0/${LIST}?access_token=${token}`)).json
    expect(await bare()).toMatchObject({ errcode: 40002 })
    await sandbox.control.setKnobs('pbx', { userAgent: 'ignored' })
    expect(await bare()).toEqual(SUCCESS)
  })

  test.each([
    ['GET', 'get_token'],
    ['POST', 'del_token'],
    ['POST', LIST],
    ['GET', 'certificate/create'],
    ['DELETE', 'certificate/delete'],
    ['GET', 'certificate/download'],
    ['GET', ''],
  ])('answers 10001 with HTTP 200 to %s %s', async (method, path) => {
    const sandbox = testSandbox()
    const { status, json } = await callPbx(sandbox, path, { method })
    expect([status, json]).toEqual([200, { errcode: 10001, errmsg: 'INTERFACE NOT EXISTED' }])
  })

  test.each([[-2], [10005], [70082], [70120]])(
    'answers a vendor-error fault with errcode %i by HTTP 200',
    async (code) => {
      const sandbox = testSandbox()
      await sandbox.control.addFault({ upstream: 'pbx', answer: { kind: 'vendor-error', code } })
      const { status, json } = await callPbx(sandbox, LIST)
      expect(status).toBe(200)
      expect(json).toMatchObject({ errcode: code })
    },
  )
})

describe('the events of the PBX', () => {
  test('are signed over the raw body with the secret of the webhook', async () => {
    const sandbox = testSandbox()
    const { headers, body } = await sandbox.control.signEvent({ name: 'x', content: 'y' })
    expect(JSON.parse(body)).toEqual({
      type: 30035,
      sn: SAMPLE.pbx.serialNumber,
      msg: {
        event_name: 'x',
        event_type: 'system',
        event_level: 'warn',
        event_content: 'y',
        create_time: '2026/11/21 12:00:00',
      },
    })
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const secret = new TextEncoder().encode(SAMPLE.pbx.webhookSecret)
    const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['verify'])
    const verify = (signature: string) =>
      crypto.subtle.verify(
        'HMAC',
        key,
        Uint8Array.from(atob(signature), (each) => each.charCodeAt(0)),
        new TextEncoder().encode(body),
      )
    expect(await verify(headers['x-signature'] ?? '')).toBe(true)
    const wrong = await sandbox.control.signEvent({ name: 'x', content: 'y', signature: 'wrong' })
    expect(await verify(wrong.headers['x-signature'] ?? '')).toBe(false)
    const none = await sandbox.control.signEvent({ name: 'x', signature: 'none' })
    expect(none.headers).toEqual({ 'content-type': 'application/json' })
  })
})
