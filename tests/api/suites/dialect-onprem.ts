import { DAY, MINUTE } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { mintChain, mintTrusted } from '../harness/certificates.ts'
import { call, connectionTo, make, makeNumber, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'

const KEY_PATH = '/v1/settings/business/whatsapp_business_encryption'
const FORM = 'application/x-www-form-urlencoded'
const META = { meta: { api_status: 'stable' } }

const loggedIn = z.object({
  users: z.tuple([z.object({ token: z.string(), expires_after: z.string() })]),
})

const at = (connectionId: string, path: string) => `/onprem/${connectionId}${path}`
const basic = (token: string) => ({ authorization: `Basic ${btoa(`admin:${token}`)}` })
const tokenOf = (sent: Sent) => loggedIn.parse(sent.json).users[0].token
const formOf = (pem: string) => ({ type: FORM, body: `public_key=${encodeURIComponent(pem)}` })

/** What a program that was written for the On-Premises API gets here. */
export function dialectOnpremSuite(open: OpenApi): void {
  describe('the On-Premises dialect', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const logIn = (connectionId: string, token = api.adminToken) =>
      call(api, 'POST', at(connectionId, '/v1/users/login'), { token: null, headers: basic(token) })

    test('logs in with a token as password, and answers as the deployment does', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const sent = await logIn(connectionId)
      expect(sent.status, sent.text).toBe(200)
      expect(sent.json).toMatchObject(META)
      expect(loggedIn.parse(sent.json).users[0].expires_after).toMatch(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/,
      )
      const read = await call(api, 'GET', at(connectionId, KEY_PATH), { token: tokenOf(sent) })
      expect(read.status, read.text).toBe(404)
      expect(read.json).toMatchObject({ errors: [{ code: 1006, title: 'Resource not found' }] })
    })

    test.each(['form', 'JSON'])('publishes a key sent as %s to a deployment', async (how) => {
      const key = await freshKey()
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'onprem'))
      const sent = await call(
        api,
        'POST',
        at(connectionId, KEY_PATH),
        how === 'form' ? formOf(key.pem) : { json: { public_key: key.pem } },
      )
      expect(sent.status, sent.text).toBe(200)
      expect(sent.json).toMatchObject(META)
      const read = await call(api, 'GET', at(connectionId, KEY_PATH))
      expect(read.json).toEqual({
        business_public_key: key.pem,
        business_public_key_signature_status: 'VALID',
      })
    })

    // Two programs publish first at once, and the upstream refuses the one: its number must not go from under the other.
    test('keeps the number of a publish that came behind a refused one', async () => {
      const [bad, good] = [await freshKey(), await freshKey()]
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'onprem'))
      await api.sandbox.addFault({
        upstream: 'onprem',
        method: 'POST',
        path: KEY_PATH,
        latencyMs: 500,
        answer: { kind: 'respond', status: 400, json: { errors: [{ code: 1009 }] } },
      })
      const publish = ({ pem }: { readonly pem: string }) =>
        call(api, 'POST', at(connectionId, KEY_PATH), formOf(pem))
      const refused = publish(bad)
      const sent = async () => {
        const { requests } = await api.sandbox.requests({ upstream: 'onprem', path: KEY_PATH })
        return requests.length
      }
      while ((await sent()) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      const taken = await publish(good)
      expect((await refused).status).toBe(400)
      expect(taken.status, taken.text).toBe(200)
      const listed = await call(api, 'GET', `/v1/numbers?connectionId=${connectionId}`)
      expect(listed.json).toMatchObject({ data: [{ fingerprint: good.fingerprint }] })
    })

    test('publishes to the Cloud API what its caller thinks is a deployment', async () => {
      const key = await freshKey()
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      const token = tokenOf(await logIn(connectionId))
      const body = `public_key=${encodeURIComponent(key.pem)}`
      const sent = await call(api, 'POST', at(connectionId, KEY_PATH), { token, type: FORM, body })
      expect(sent.status, sent.text).toBe(200)
      const told = await call(api, 'GET', `/v1/numbers/${numberId}/encryption-key`)
      expect(told.json).toMatchObject({ publicKey: key.pem, inSync: true })
    })

    test('refuses to guess among several numbers, and takes one by name', async () => {
      const key = await freshKey()
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      const other = { connectionId, upstreamId: '106540352242999' }
      await make(api, '/v1/numbers', other)
      const body = `public_key=${encodeURIComponent(key.pem)}`
      const guess = await call(api, 'POST', at(connectionId, KEY_PATH), { type: FORM, body })
      expect(guess.status, guess.text).toBe(409)
      expect(guess.text).toContain(numberId)
      const named = await call(api, 'POST', at(numberId, KEY_PATH), { type: FORM, body })
      expect(named.status, named.text).toBe(200)
    })

    test('takes a certificate that would start, and refuses one that would not with its findings', async () => {
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'onprem'))
      const path = at(connectionId, '/v1/certificates/external')
      const chain = await mintChain()
      const bad = await call(api, 'POST', path, {
        type: 'text/plain',
        body: chain.key + chain.leaf,
      })
      expect(bad.status, bad.text).toBe(400)
      expect(bad.json).toMatchObject({ errors: [{ code: 1009 }] })
      expect(bad.text).toContain('intermediate_missing')
      expect(bad.text).not.toContain(chain.key.split('\n')[1])
      const good = await call(api, 'POST', path, { type: 'text/plain', body: chain.bundle })
      expect([good.status, good.text]).toEqual([200, 'null'])
    })

    test('keeps, shows and deletes the authorities of webhooks', async () => {
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'onprem'))
      const path = at(connectionId, '/v1/certificates/webhooks/ca')
      const none = await call(api, 'GET', path)
      expect(none.status).toBe(404)
      expect(none.json).toMatchObject({ errors: [{ code: 1006 }] })
      const { pem } = await mintTrusted()
      const sent = await call(api, 'POST', path, { type: 'text/plain', body: pem })
      expect([sent.status, sent.text]).toEqual([200, '{}'])
      const read = await call(api, 'GET', path)
      expect([read.status, read.text]).toEqual([200, pem])
      expect(read.headers.get('content-type')).toContain('text/plain')
      const gone = await call(api, 'DELETE', path)
      expect([gone.status, gone.text]).toEqual([200, '{}'])
      expect((await call(api, 'GET', path)).status).toBe(404)
    })

    test('refuses in its own words who has no right, or none any more', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const path = at(connectionId, KEY_PATH)
      const none = await call(api, 'GET', path, { token: null })
      expect(none.status).toBe(401)
      expect(none.json).toMatchObject({ errors: [{ code: 1005, title: 'Access denied' }] })
      const wrong = await logIn(connectionId, `lk_${'x'.repeat(43)}`)
      expect(wrong.status).toBe(401)
      const reader = await makeToken(api, ['numbers:read'])
      const token = tokenOf(await logIn(connectionId, reader.token))
      const body = `public_key=${encodeURIComponent((await freshKey()).pem)}`
      expect((await call(api, 'POST', path, { token, type: FORM, body })).status).toBe(403)
      await call(api, 'DELETE', `/v1/tokens/${reader.id}`)
      await api.advance(MINUTE)
      expect((await call(api, 'GET', path, { token })).status).toBe(401)
    })

    test('ends a session in time, and when it is logged out', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const path = at(connectionId, KEY_PATH)
      const first = tokenOf(await logIn(connectionId))
      const second = tokenOf(await logIn(connectionId))
      const out = await call(api, 'POST', at(connectionId, '/v1/users/logout'), { token: first })
      expect(out.status).toBe(200)
      expect((await call(api, 'GET', path, { token: first })).status).toBe(401)
      expect((await call(api, 'GET', path, { token: second })).status).toBe(404)
      await api.advance(DAY)
      expect((await call(api, 'GET', path, { token: second })).status).toBe(401)
    })

    test('answers what it does not have in its own envelope', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      for (const [method, path, status, code] of [
        ['GET', '/v1/nothing', 404, 1006],
        ['PUT', KEY_PATH, 400, 1025],
        ['POST', KEY_PATH, 400, 1008],
      ] as const) {
        const sent = await call(
          api,
          method,
          at(connectionId, path),
          method === 'POST' ? { json: {} } : {},
        )
        expect([sent.status, sent.json]).toMatchObject([status, { errors: [{ code }] }])
        expect(sent.headers.get('cache-control')).toBe('no-store')
      }
    })
  })
}
