import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, type CallOptions, connectionTo, make, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'

const NUMBER = SAMPLE.graph.unsetNumberId
const FORM = 'application/x-www-form-urlencoded'
const FIELD = 'business_public_key'
const STATUS = 'business_public_key_signature_status'

const formOf = (fields: Readonly<Record<string, string>>): CallOptions => ({
  type: FORM,
  body: new URLSearchParams(fields).toString(),
})

async function multipartOf(pem: string): Promise<CallOptions> {
  const form = new FormData()
  form.set(FIELD, pem)
  const encoded = new Response(form)
  const type = encoded.headers.get('content-type') ?? ''
  return { type, body: new Uint8Array(await encoded.arrayBuffer()) }
}

const isError = (sent: Sent, status: number, error: Readonly<Record<string, unknown>>) => {
  expect([sent.status, sent.json], sent.text).toMatchObject([status, { error }])
  expect(sent.headers.get('content-type')).toBe('application/json; charset=UTF-8')
  expect(sent.headers.get('cache-control')).toBe('no-store')
}

const at = (api: ApiHarness, path: string) => call(api, 'GET', `/graph/${path}`)

const refuseNext = (api: ApiHarness, status: number, code: number) =>
  api.sandbox.addFault({
    upstream: 'graph',
    method: 'POST',
    times: 1,
    answer: { kind: 'respond', status, json: { error: { code, message: 'No', type: 'x' } } },
  })

/** What a program that was written for the Graph API gets here. */
export function dialectGraphSuite(open: OpenApi): void {
  describe('the Graph dialect', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
    })
    afterEach(() => api.close())

    const ask = (method: string, options: CallOptions & { query?: string; id?: string } = {}) => {
      const { query = '', id = NUMBER, ...more } = options
      const path = `/graph/${connectionId}/v25.0/${id}/whatsapp_business_encryption${query}`
      return call(api, method, path, more)
    }

    test.each([
      ['a form', (pem: string) => formOf({ [FIELD]: pem })],
      ['multipart', multipartOf],
      ['JSON', (pem: string) => ({ json: { [FIELD]: pem } })],
    ])('publishes a key sent as %s, and reads it back', async (_how, encode) => {
      const key = await freshKey()
      const sent = await ask('POST', await encode(key.pem))
      expect([sent.status, sent.text]).toEqual([200, '{"success":true}'])
      const read = await ask('GET')
      expect([read.status, read.json]).toEqual([
        200,
        { data: [{ [FIELD]: key.pem.trimEnd(), [STATUS]: 'VALID' }] },
      ])
      const some = await ask('GET', { query: `?fields=${STATUS}` })
      expect(some.json).toEqual({ data: [{ [STATUS]: 'VALID' }] })
      const listed = await call(api, 'GET', `/v1/numbers?connectionId=${connectionId}`)
      expect(listed.json).toMatchObject({ data: [{ upstreamId: NUMBER }] })
    })

    test('tells a number without a key from one that it does not know', async () => {
      isError(await ask('GET'), 400, { code: 100, error_subcode: 33 })
      await make(api, '/v1/numbers', { connectionId, upstreamId: NUMBER })
      expect((await ask('GET')).json).toEqual({ data: [{ [STATUS]: 'MISMATCH' }] })
    })

    test('refuses what would break the number, and sends nothing', async () => {
      const none = await ask('POST', formOf({ public_key: 'x' }))
      isError(none, 400, { code: 100, message: '(#100) Invalid parameter', type: 'OAuthException' })
      const { privatePem } = await freshKey()
      const leaked = await ask('POST', formOf({ [FIELD]: privatePem }))
      isError(leaked, 400, { code: 100, error_data: { messaging_product: 'whatsapp' } })
      expect(leaked.text).not.toContain(privatePem.split('\n')[1])
      isError(await ask('POST', { ...formOf({ [FIELD]: 'x' }), id: '+14155550100' }), 400, {
        code: 100,
      })
      expect((await api.sandbox.requests({ upstream: 'graph', method: 'POST' })).requests).toEqual(
        [],
      )
    })

    test('takes a token where Graph does, and in a URL only one that is limited', async () => {
      await make(api, '/v1/numbers', { connectionId, upstreamId: NUMBER })
      const none = await ask('GET', { token: null })
      isError(none, 401, { code: 190, type: 'OAuthException' })
      expect(none.headers.get('www-authenticate')).toContain('"invalid_token"')
      const inUrl = (token: string) => ask('GET', { token: null, query: `?access_token=${token}` })
      isError(await inUrl(api.adminToken), 401, { code: 190 })
      const limited = await makeToken(api, ['numbers:read'], { connections: [connectionId] })
      expect((await inUrl(limited.token)).status).toBe(200)
      const own = await ask('GET', {
        token: null,
        headers: { authorization: `OAuth ${limited.token}` },
      })
      expect(own.status).toBe(200)
      const key = await freshKey()
      const fields = { [FIELD]: key.pem, access_token: api.adminToken }
      expect((await ask('POST', { token: null, ...formOf(fields) })).status).toBe(200)
      isError(await ask('POST', { token: limited.token, ...formOf({ [FIELD]: key.pem }) }), 403, {
        code: 10,
      })
    })

    test('passes on what Graph refuses, and never blames the caller for the connection', async () => {
      const { pem } = await freshKey()
      await refuseNext(api, 400, 133010)
      isError(await ask('POST', formOf({ [FIELD]: pem })), 400, { code: 133010 })
      await refuseNext(api, 401, 190)
      isError(await ask('POST', formOf({ [FIELD]: pem })), 500, { code: 131000 })
    })

    test('answers what it does not have in its own words', async () => {
      isError(await at(api, `${connectionId}/25.0/${NUMBER}/whatsapp_business_encryption`), 400, {
        code: 2500,
      })
      isError(await at(api, `${connectionId}/v25.0/${NUMBER}/whatsapp_business_profile`), 400, {
        code: 2500,
      })
      isError(await ask('DELETE'), 400, { code: 100, type: 'GraphMethodException' })
      const slash = await at(api, `${connectionId}/v25.0/${NUMBER}/whatsapp_business_encryption/`)
      isError(slash, 400, { code: 100, error_subcode: 33 })
    })

    // A refusal that was reported can be found, though others were refused at that very moment.
    test('traces a refusal by the id of its request', async () => {
      const refused = await Promise.all([ask('GET'), ask('GET')])
      const traces = refused.map(({ headers }) => headers.get('x-request-id'))
      for (const [index, sent] of refused.entries()) {
        isError(sent, 400, { code: 100, fbtrace_id: traces[index] })
      }
      expect(new Set(traces).size).toBe(refused.length)
      const logged = api.logs().join('\n')
      for (const trace of traces) expect(logged).toContain(trace)
    })
  })
}
