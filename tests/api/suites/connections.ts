import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI } from '../harness/key-fixtures.ts'
import { expectProblem } from '../harness/problem.ts'

const PROVIDERS = ['graph', 'onprem', 'kaleyra'] as const
const shown = z.object({
  credentials: z.record(z.string(), z.object({ set: z.literal(true), updatedAt: z.string() })),
  createdAt: z.string(),
  updatedAt: z.string(),
})

const checked = z.object({ ok: z.boolean(), latencyMs: z.number() })

/** A connection's life: made, shown without its secrets, changed, checked, deleted. */
export function connectionsSuite(open: OpenApi): void {
  describe('a connection', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    for (const provider of PROVIDERS) {
      test(`to ${provider} is made, shown and listed, and its credentials never come back`, async () => {
        const draft = connectionTo(api, provider)
        const made = await call(api, 'POST', '/v1/connections', { json: draft })
        expect(made.status, made.text).toBe(201)
        const path = made.headers.get('location') ?? ''
        const got = await call(api, 'GET', path)
        expect(got.json).toEqual(made.json)
        expect(got.json).toMatchObject({ provider, name: provider, config: draft.config })
        const { credentials, createdAt } = shown.parse(got.json)
        expect(Object.keys(credentials).toSorted()).toEqual(
          Object.keys(draft.credentials).toSorted(),
        )
        for (const { updatedAt } of Object.values(credentials)) expect(updatedAt).toBe(createdAt)
        const list = await call(api, 'GET', `/v1/connections?provider=${provider}`)
        expect(list.json).toEqual({ data: [got.json], nextCursor: null })
        const log = await call(api, 'GET', '/v1/events?type=connection.created')
        const everything = made.text + got.text + list.text + log.text + api.logs().join()
        for (const secret of Object.values(draft.credentials)) {
          if (secret !== 'admin') expect(everything).not.toContain(secret)
        }
      })
    }

    test('is changed field by field: what is left out stays, null takes the default or nothing', async () => {
      const path = `/v1/connections/${await make(api, '/v1/connections', connectionTo(api, 'graph'))}`
      const rename = await call(api, 'PATCH', path, { json: { name: 'Shops' } })
      expect(rename.json).toMatchObject({
        name: 'Shops',
        config: connectionTo(api, 'graph').config,
        credentials: { accessToken: { set: true }, appSecret: { set: true } },
      })
      const changed = await call(api, 'PATCH', path, {
        json: { config: { maxConcurrent: 4, wabaId: null, repair: 'alert' } },
      })
      expect(changed.json).toMatchObject({
        name: 'Shops',
        config: { maxConcurrent: 4, repair: 'alert' },
      })
      expect(changed.text).not.toContain('wabaId')
      const reset = await call(api, 'PATCH', path, { json: { config: { maxConcurrent: null } } })
      expect(reset.json).toMatchObject({ config: { maxConcurrent: 16, repair: 'alert' } })
      expect((await call(api, 'GET', path)).json).toEqual(reset.json)
    })

    test('tells of each credential when it was last set, and forgets one for null', async () => {
      const path = `/v1/connections/${await make(api, '/v1/connections', connectionTo(api, 'graph'))}`
      const before = shown.parse((await call(api, 'GET', path)).json)
      await api.advance(1000)
      const changed = await call(api, 'PATCH', path, {
        json: { credentials: { appSecret: null, verifyToken: 'hello' } },
      })
      const after = shown.parse(changed.json)
      expect(Object.keys(after.credentials).toSorted()).toEqual(['accessToken', 'verifyToken'])
      expect(after.credentials['accessToken']).toEqual(before.credentials['accessToken'])
      expect(after.credentials['verifyToken']?.updatedAt).toBe(after.updatedAt)
      expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt))
    })

    test('uses its new credentials at once, and changes from one way of login to another', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const path = `/v1/connections/${connectionId}`
      const check = () => call(api, 'POST', `${path}/check`)
      expect((await check()).json).toMatchObject({ ok: true })
      await call(api, 'PATCH', path, { json: { credentials: { password: 'wrong' } } })
      expect((await check()).json).toMatchObject({
        ok: false,
        problem: { code: 'upstream_unauthorized', instance: `${path}/check` },
      })
      const both = { credentials: { token: 'x' } }
      await expectProblem(api, await call(api, 'PATCH', path, { json: both }), 'invalid_request')
      const token = { credentials: { username: null, password: null, token: 'x' } }
      const changed = await call(api, 'PATCH', path, { json: token })
      expect(Object.keys(shown.parse(changed.json).credentials)).toEqual(['token'])
      expect((await check()).json).toMatchObject({ ok: false })
    })

    test('is checked: true, false with the reason, null where nothing can be asked', async () => {
      const paths = await Promise.all(
        PROVIDERS.map(async (provider) => {
          const id = await make(api, '/v1/connections', connectionTo(api, provider))
          return `/v1/connections/${id}/check`
        }),
      )
      const [graph = '', onprem = '', kaleyra = ''] = paths
      for (const path of [graph, onprem]) {
        const { json } = await call(api, 'POST', path)
        const { ok, latencyMs } = checked.parse(json)
        expect([ok, latencyMs >= 0]).toEqual([true, true])
        expect(json).not.toHaveProperty('problem')
      }
      const unasked = await call(api, 'POST', kaleyra)
      expect(unasked.json).toEqual({ ok: null, latencyMs: null, pressure: null })
      expect((await api.sandbox.requests({ upstream: 'kaleyra' })).requests).toEqual([])

      await api.sandbox.expireTokens('graph')
      const refused = await call(api, 'POST', graph)
      expect([refused.status, refused.json]).toMatchObject([
        200,
        {
          ok: false,
          problem: {
            status: 502,
            code: 'upstream_unauthorized',
            upstream: { provider: 'graph', code: '190' },
          },
        },
      ])
    })

    test('is kept while numbers use it, and nothing upstream is touched when they go with it', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      const path = `/v1/connections/${connectionId}`
      await call(api, 'PUT', `/v1/numbers/${numberId}/encryption-key`, {
        json: { publicKey: SPKI },
      })
      await api.sandbox.clearRequests()
      await expectProblem(api, await call(api, 'DELETE', path), 'conflict')
      expect((await call(api, 'GET', path)).status).toBe(200)
      const more = { connectionId, upstreamId: '300000000000002' }
      const second = await make(api, '/v1/numbers', more)

      const gone = await call(api, 'DELETE', `${path}?cascade=true`)
      expect([gone.status, gone.text]).toEqual([204, ''])
      for (const at of [path, `/v1/numbers/${numberId}`, `/v1/numbers/${second}`]) {
        await expectProblem(api, await call(api, 'GET', at), 'not_found')
      }
      await expectProblem(api, await call(api, 'DELETE', path), 'not_found')
      const refused = await call(api, 'POST', '/v1/numbers', { json: more })
      await expectProblem(api, refused, 'not_found')
      expect((await api.sandbox.requests()).requests).toEqual([])
      const { numbers } = await api.sandbox.state('graph')
      const held = numbers.find(({ id }) => id === UPSTREAM_NUMBERS.graph)?.key?.pem
      expect(held?.trim()).toBe(SPKI.trim())
    })

    test('is deleted right after its last number, which is free for another', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'kaleyra')
      expect((await call(api, 'DELETE', `/v1/numbers/${numberId}`)).status).toBe(204)
      expect((await call(api, 'DELETE', `/v1/connections/${connectionId}`)).status).toBe(204)
      await makeNumber(api, 'kaleyra')
      const list = await call(api, 'GET', '/v1/connections')
      expect(list.json).toMatchObject({ data: [{ provider: 'kaleyra' }], nextCursor: null })
    })
  })
}
