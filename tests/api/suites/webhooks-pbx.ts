import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { inboxOf } from '../harness/meta-webhooks.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const EXPIRING = { name: 'Certificate Expiration', content: 'pbx.example.com.pem' }

/** What a PBX pushes about its certificates has them read. */
export function webhooksPbxSuite(open: OpenApi): void {
  describe('a webhook of a PBX', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      const usual = connectionTo(api, 'pbx')
      connectionId = await make(api, '/v1/connections', {
        ...usual,
        credentials: { ...usual.credentials, webhookSecret: SAMPLE.pbx.webhookSecret },
      })
      await api.sandbox.clearRequests()
    })
    afterEach(() => api.close())

    const push = (
      { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
      id = connectionId,
    ) => call(api, 'POST', `/v1/webhooks/pbx/${id}`, { token: null, body, headers })
    const valid = () => api.sandbox.signEvent(EXPIRING)
    const lists = async () =>
      (await api.sandbox.requests({ upstream: 'pbx', path: '/openapi/v1.0/certificate/list' }))
        .requests.length

    test('about certificates has them read, once, however often it comes', async () => {
      const event = await valid()
      for (let count = 0; count < 3; count += 1) {
        const sent = await push(event)
        expect([sent.status, sent.json]).toEqual([200, { received: true }])
        await api.advance(0)
      }
      // One page of each type.
      expect(await eventually(lists, (count) => count >= 2)).toBe(2)
      const events = await eventsOf(api, inboxOf(connectionId))
      expect(events).toMatchObject([
        { type: 'notice.received', actor: { kind: 'webhook', id: connectionId } },
      ])
    })

    test('about anything else is taken, and nothing comes of it', async () => {
      const sent = await push(await api.sandbox.signEvent({ name: 'Disk full' }))
      expect(sent.status).toBe(200)
      await api.advance(0)
      await expectNothingSent(api)
    })

    describe('that is not the PBX’s', () => {
      const forgeries = [
        ['unsigned', () => api.sandbox.signEvent({ ...EXPIRING, signature: 'none' })],
        ['forged', () => api.sandbox.signEvent({ ...EXPIRING, signature: 'wrong' })],
        [
          'truncated',
          async () => {
            const event = await valid()
            return { ...event, body: event.body.slice(0, -1) }
          },
        ],
        [
          'written anew',
          async () => {
            const event = await valid()
            return { ...event, body: JSON.stringify(JSON.parse(event.body), null, 1) }
          },
        ],
      ] as const
      test.each(forgeries)('is refused and changes nothing: %s', async (_, forge) => {
        const sent = await push(await forge())
        await expectProblem(api, sent, 'unauthenticated')
        await api.advance(0)
        await expectNothingSent(api)
        expect(await eventsOf(api, inboxOf(connectionId))).toEqual([])
      })

      // Without a secret, the digest of an empty one would be right.
      test('is refused by a connection without a secret', async () => {
        const without = await make(api, '/v1/connections', {
          ...connectionTo(api, 'pbx'),
          name: 'second',
        })
        for (const id of [without, 'con_0000000000000000']) {
          const sent = await push(await valid(), id)
          await expectProblem(api, sent, 'unauthenticated')
        }
      })
    })

    test('is not asked for by GET', async () => {
      const sent = await call(api, 'GET', `/v1/webhooks/pbx/${connectionId}`)
      await expectProblem(api, sent, 'method_not_allowed')
    })
  })
}
