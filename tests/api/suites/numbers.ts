import { FOREIGN_PUBLIC_KEY, SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI } from '../harness/key-fixtures.ts'
import { expectProblem } from '../harness/problem.ts'

const upstream = z.object({ upstreamId: z.string() })

/** A number is known once, in one spelling, whatever a caller writes. */
export function numbersSuite(open: OpenApi): void {
  describe('a number', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const add = (json: unknown) => call(api, 'POST', '/v1/numbers', { json })

    test('is made, shown, relabelled and forgotten', async () => {
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const made = await add({
        connectionId,
        upstreamId: SAMPLE.graph.unsetNumberId,
        label: 'Müller 🔑',
      })
      const path = made.headers.get('location') ?? ''
      expect(made.json).toMatchObject({
        connectionId,
        provider: 'graph',
        label: 'Müller 🔑',
        fingerprint: null,
        signatureStatus: 'unknown',
        inSync: false,
        observedAt: null,
      })
      expect((await call(api, 'GET', path)).json).toEqual(made.json)
      for (const label of ['', 'Söhne', null]) {
        const changed = await call(api, 'PATCH', path, { json: { label } })
        expect(changed.json).toMatchObject({ label })
        expect((await call(api, 'GET', `${path}?consistency=strong`)).json).toEqual(changed.json)
      }
      expect((await call(api, 'DELETE', path)).status).toBe(204)
      await expectProblem(api, await call(api, 'GET', path), 'not_found')
      await expectProblem(api, await call(api, 'DELETE', path), 'not_found')
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    test('is kept in one form, and a second of it in any spelling names the first', async () => {
      const rows = [
        ['kaleyra', '+919900000001', ['+91 99000 00001', ' +91-9900-000-001', '+91 (9900) 000001']],
        ['graph', SAMPLE.graph.unsetNumberId, [` ${SAMPLE.graph.unsetNumberId}\t`]],
        ['onprem', '+15550100001', ['+1 (555) 010-0001', '+1.555.010.0001']],
      ] as const
      for (const [provider, canonical, spellings] of rows) {
        const { connectionId, numberId } = await makeNumber(api, provider, spellings[0])
        const { json } = await call(api, 'GET', `/v1/numbers/${numberId}`)
        expect(upstream.parse(json).upstreamId).toBe(canonical)
        const other = await make(api, '/v1/connections', connectionTo(api, provider))
        for (const id of [connectionId, other]) {
          for (const upstreamId of [canonical, ...spellings]) {
            const sent = await add({ connectionId: id, upstreamId })
            const problem = await expectProblem(api, sent, 'conflict')
            expect(problem.detail).toContain(numberId)
          }
        }
        expect((await call(api, 'DELETE', `/v1/numbers/${numberId}`)).status).toBe(204)
        expect((await add({ connectionId: other, upstreamId: canonical })).status).toBe(201)
      }
    })

    test('is another one in another account or at another host', async () => {
      await makeNumber(api, 'kaleyra')
      const { kaleyra } = SAMPLE
      const draft = connectionTo(api, 'kaleyra')
      const config = { ...draft.config, sid: kaleyra.closedSid }
      const connectionId = await make(api, '/v1/connections', { ...draft, config })
      const sent = await add({ connectionId, upstreamId: kaleyra.phoneNumber })
      expect(sent.status, sent.text).toBe(201)
    })

    test('is the only one of an On-Premises deployment, and may be called default', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'onprem', 'default')
      const got = await call(api, 'GET', `/v1/numbers/${numberId}`)
      expect(upstream.parse(got.json).upstreamId).toBe('default')
      for (const upstreamId of ['default', SAMPLE.onprem.phoneNumber, '+4930123456']) {
        const problem = await expectProblem(
          api,
          await add({ connectionId, upstreamId }),
          'conflict',
        )
        expect(problem.detail).toContain(numberId)
      }
      const path = `/v1/numbers/${numberId}/encryption-key`
      const put = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
      expect(put.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
    })

    test('is told apart by what its upstream says: the samples', async () => {
      const { graph } = SAMPLE
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const rows = [
        [graph.unsetNumberId, { signatureStatus: 'unset', publicKey: null, inSync: false }],
        [
          graph.foreignKeyNumberId,
          { signatureStatus: 'valid', publicKey: FOREIGN_PUBLIC_KEY, inSync: false },
        ],
        [
          graph.mismatchNumberId,
          { signatureStatus: 'mismatch', publicKey: FOREIGN_PUBLIC_KEY, inSync: false },
        ],
      ] as const
      for (const [upstreamId, expected] of rows) {
        const id = await make(api, '/v1/numbers', { connectionId, upstreamId })
        const sent = await call(api, 'GET', `/v1/numbers/${id}/encryption-key`)
        expect(sent.json).toMatchObject(expected)
      }
    })
  })
}
