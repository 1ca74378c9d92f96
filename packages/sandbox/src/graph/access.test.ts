import { createHmac } from 'node:crypto'
import { HOUR } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { testSandbox, type Called } from '../testing/call.ts'
import { anyText, containing } from '../testing/containing.ts'
import { SAMPLE } from '../world.ts'
import { resolveVersion } from './versions.ts'

const { graph } = SAMPLE
const bearer = { authorization: `Bearer ${graph.accessToken}` }
const ME = `/graph/${graph.version}/me`
const LIST = `/graph/${graph.version}/${graph.wabaId}/phone_numbers`
const KEY_EDGE = `/graph/${graph.version}/${graph.unsetNumberId}/whatsapp_business_encryption`

function failure(code: number, rest: object = {}): unknown {
  return { error: containing({ code, fbtrace_id: anyText, ...rest }) }
}

function outcome({ status, json }: Called): unknown {
  return [status, json]
}

describe('access to the Graph emulator', () => {
  test('takes the token from the header or the query', async () => {
    const sandbox = testSandbox()
    expect((await sandbox.call(ME, { headers: bearer })).status).toBe(200)
    expect((await sandbox.call(`${ME}?access_token=${graph.accessToken}`)).status).toBe(200)
  })

  test('answers 190 with HTTP 401 for a token that is unknown, expired or made worthless', async () => {
    const sandbox = testSandbox()
    const unknown = await sandbox.call(`${ME}?access_token=nobody`)
    expect(outcome(unknown)).toEqual([401, failure(190, { type: 'OAuthException' })])
    const expired = await sandbox.call(`${ME}?access_token=${graph.expiredToken}`)
    expect(outcome(expired)).toEqual([401, failure(190, { error_subcode: 463 })])
    await sandbox.control.expireTokens('graph')
    expect((await sandbox.call(ME, { headers: bearer })).status).toBe(401)
    expect(outcome(await sandbox.call(ME))).toEqual([400, failure(104)])
  })

  test('answers 10 without the permission, and 200 without access to the account', async () => {
    const sandbox = testSandbox()
    const withToken = (token: string) =>
      sandbox.call(KEY_EDGE, { headers: { authorization: `Bearer ${token}` } })
    expect(outcome(await withToken(graph.readOnlyToken))).toEqual([403, failure(10)])
    expect(outcome(await withToken(graph.strangerToken))).toEqual([403, failure(200)])
  })

  test('verifies appsecret_proof where it is sent, and demands it where the app does', async () => {
    const sandbox = testSandbox()
    const proof = createHmac('sha256', graph.appSecret).update(graph.accessToken).digest('hex')
    const send = (query: string) => sandbox.call(`${ME}${query}`, { headers: bearer })
    expect((await send(`?appsecret_proof=${proof}`)).status).toBe(200)
    expect(outcome(await send('?appsecret_proof=00'))).toEqual([
      400,
      failure(100, { type: 'GraphMethodException' }),
    ])
    await sandbox.control.setKnobs('graph', { requireAppSecret: true })
    expect((await send('')).status).toBe(400)
    expect((await send(`?appsecret_proof=${proof}`)).status).toBe(200)
  })

  test('names the version that answered, and refuses one that never was', async () => {
    const sandbox = testSandbox()
    const old = await sandbox.call('/graph/v20.0/me', { headers: bearer })
    expect([old.status, old.headers.get('facebook-api-version')]).toEqual([200, 'v21.0'])
    const message = 'Unknown path components: /v99.0/me'
    const never = await sandbox.call('/graph/v99.0/me', { headers: bearer })
    expect(outcome(never)).toEqual([400, failure(2500, { message })])
    expect((await sandbox.call('/graph/nothing', { headers: bearer })).status).toBe(400)
  })

  test('resolveVersion() answers a version that is gone with the oldest one left', () => {
    const inMay = Date.parse('2026-05-01')
    expect(resolveVersion('v19.0', inMay)).toBe('v19.0')
    expect(resolveVersion('v19.0', Date.parse('2027-02-01'))).toBe('v22.0')
    expect(resolveVersion('v1.0', inMay)).toBe(null)
  })

  test('tells what a token may do at debug_token', async () => {
    const sandbox = testSandbox()
    const ask = (token: string) =>
      sandbox.call(`/graph/${graph.version}/debug_token?input_token=${token}`, { headers: bearer })
    expect((await ask(graph.accessToken)).json).toEqual({
      data: containing({ app_id: graph.appId, is_valid: true, type: 'SYSTEM_USER' }),
    })
    const invalid = { data: containing({ is_valid: false }) }
    expect((await ask(graph.expiredToken)).json).toEqual(invalid)
    expect((await ask('nobody')).json).toEqual(invalid)
  })

  test('throttles a full hour with 80007, HTTP 400 and both usage headers', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('graph', { hourlyLimit: 2 })
    const read = () => sandbox.call(LIST, { headers: bearer })
    const first = await read()
    expect(first.headers.get('x-business-use-case-usage')).toContain('"call_count":50')
    await read()
    const refused = await read()
    expect(outcome(refused)).toEqual([400, failure(80007)])
    expect(refused.headers.get('x-app-usage')).toContain('"call_count":100')
    expect(refused.headers.get('x-business-use-case-usage')).toContain(
      '"estimated_time_to_regain_access":60',
    )
    expect((await sandbox.call(KEY_EDGE, { headers: bearer })).status).toBe(200)
    await sandbox.control.advanceClock(HOUR)
    expect((await read()).status).toBe(200)
  })

  test.each([
    [4, 400],
    [10, 403],
    [131000, 500],
    [80007, 400],
  ])('answers a vendor-error fault with code %i by HTTP %i', async (code, status) => {
    const sandbox = testSandbox()
    await sandbox.control.addFault({ upstream: 'graph', answer: { kind: 'vendor-error', code } })
    expect(outcome(await sandbox.call(ME, { headers: bearer }))).toEqual([status, failure(code)])
  })
})
