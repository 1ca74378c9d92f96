import { DAY } from '@latchkey/core'
import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, make } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import {
  APP_SECRET,
  deliver,
  deliveryOf,
  flowsAlert,
  hubSignature,
  inboxOf,
  makeAccount,
  readsByNumber,
  VERIFY_TOKEN,
} from '../harness/meta-webhooks.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const { graph } = SAMPLE
const OTHER_WABA = '200000000000002'

function alertTo(id: string, change = flowsAlert('PUBLIC_KEY_MISSING')): string {
  return deliveryOf([{ id, changes: [change] }])
}

/** What Meta tells of an account makes Latchkey look after its keys, if Meta it is. */
export function webhooksMetaSuite(open: OpenApi): void {
  describe('a webhook of Meta', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      connectionId = await makeAccount(api, graph.wabaId)
    })
    afterEach(() => api.close())

    const addNumber = (id: string, upstreamId: string) =>
      make(api, '/v1/numbers', { connectionId: id, upstreamId })

    /** On workerd an alarm may have begun with them by itself, so that they are waited for. */
    const reads = (count: number) =>
      eventually(
        async () => {
          await api.advance(0)
          return readsByNumber(api)
        },
        (numbers) => Object.keys(numbers).length >= count,
      )
    const ask = (query: Record<string, string>, id = connectionId) =>
      call(api, 'GET', `/v1/webhooks/meta/${id}?${new URLSearchParams(query)}`, { token: null })

    describe('that asks for its address', () => {
      const subscribe = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444' }

      test('gets its challenge back', async () => {
        const sent = await ask({ ...subscribe, 'hub.verify_token': VERIFY_TOKEN })
        expect([sent.status, sent.text]).toEqual([200, '1158201444'])
        expect(sent.headers.get('content-type')).toMatch(/^text\/plain/)
      })

      // Whoever knows the token subscribes an app of theirs: it must not be in any log.
      test.each([
        ['another token', { ...subscribe, 'hub.verify_token': 'guess' }],
        ['no token', subscribe],
        ['no challenge', { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN }],
        ['another mode', { ...subscribe, 'hub.mode': 'x', 'hub.verify_token': VERIFY_TOKEN }],
        ['markup', { ...subscribe, 'hub.challenge': '<b> ', 'hub.verify_token': VERIFY_TOKEN }],
      ])('gets nothing with %s', async (_, query) => {
        await expectProblem(api, await ask(query), 'forbidden')
        expect(api.logs().join('\n')).not.toContain(VERIFY_TOKEN)
      })

      test('gets nothing from a connection that nobody has, or that has no token', async () => {
        const query = { ...subscribe, 'hub.verify_token': VERIFY_TOKEN }
        await expectProblem(api, await ask(query, 'con_0000000000000000'), 'forbidden')
        const without = await makeAccount(api, OTHER_WABA, { credentials: { verifyToken: null } })
        const empty = { ...subscribe, 'hub.verify_token': '' }
        await expectProblem(api, await ask(empty, without), 'forbidden')
      })
    })

    test('is taken by the present and by the previous app secret', async () => {
      const previousAppSecret = 'sandbox-graph-app-secret-before'
      const id = await makeAccount(api, OTHER_WABA, { credentials: { previousAppSecret } })
      // It says in which second it was made.
      const alert = alertTo(OTHER_WABA)
      for (const secret of [APP_SECRET, previousAppSecret]) {
        const sent = await deliver(api, id, alert, { secret })
        expect([sent.status, sent.json]).toEqual([200, { received: true }])
      }
      expect(await eventsOf(api, inboxOf(id))).toHaveLength(1)
    })

    test('that tells of a key error has every number of its account read', async () => {
      await addNumber(connectionId, graph.unsetNumberId)
      await addNumber(connectionId, graph.secondUnsetNumberId)
      await api.sandbox.clearRequests()
      const sent = await deliver(api, connectionId, alertTo(graph.wabaId))
      expect(sent.status).toBe(200)
      expect(await reads(2)).toEqual({
        [graph.unsetNumberId]: 1,
        [graph.secondUnsetNumberId]: 1,
      })
      const [event] = await eventsOf(api, inboxOf(connectionId))
      expect(event).toMatchObject({
        type: 'notice.received',
        actor: { kind: 'webhook', id: connectionId },
        data: { notices: 1, reasons: ['public-key-missing'] },
      })
    })

    test('that has nothing to do with keys is taken, and nothing comes of it', async () => {
      await addNumber(connectionId, graph.unsetNumberId)
      await api.sandbox.clearRequests()
      const changes = [
        flowsAlert('TIMEOUT'),
        flowsAlert('PUBLIC_KEY_MISSING', { alert_state: 'DEACTIVATED' }),
        { field: 'messages', value: { messaging_product: 'whatsapp' } },
        { field: 'unheard_of', value: 1 },
        null,
      ]
      const others = [
        deliveryOf([
          { id: graph.wabaId, changes },
          { id: 'x', changes: 7 },
        ]),
        JSON.stringify({ object: 'page', entry: [{ id: graph.wabaId, changes }] }),
        JSON.stringify({ object: 'whatsapp_business_account' }),
      ]
      for (const body of others) {
        expect((await deliver(api, connectionId, body)).status).toBe(200)
      }
      await api.advance(0)
      await expectNothingSent(api)
      expect(await eventsOf(api, inboxOf(connectionId))).toEqual([])
    })

    test('that brings a thousand changes at once asks for one reading', async () => {
      await addNumber(connectionId, graph.unsetNumberId)
      await api.sandbox.clearRequests()
      const changes = Array.from({ length: 1000 }, (_, index) =>
        flowsAlert('public-key-missing', { flow_id: String(index) }),
      )
      const body = deliveryOf([{ id: graph.wabaId, changes }])
      expect((await deliver(api, connectionId, body)).status).toBe(200)
      expect(await reads(1)).toEqual({ [graph.unsetNumberId]: 1 })
      const [event] = await eventsOf(api, inboxOf(connectionId))
      expect(event).toMatchObject({ data: { notices: 1000 } })
    })

    test('goes to every connection of the account whose app secret verifies it', async () => {
      const same = await makeAccount(api, OTHER_WABA)
      const stranger = await makeAccount(api, OTHER_WABA, { credentials: { appSecret: 'other' } })
      const secretless = await makeAccount(api, OTHER_WABA, { credentials: { appSecret: null } })
      const entries = [
        { id: OTHER_WABA, changes: [flowsAlert('public-key-missing')] },
        { id: '299999999999999', changes: [flowsAlert('public-key-missing')] },
      ]
      const sent = await deliver(api, connectionId, deliveryOf(entries))
      expect(sent.status).toBe(200)
      const taken = async (id: string) => (await eventsOf(api, inboxOf(id))).length
      expect(await Promise.all([same, stranger, secretless, connectionId].map(taken))).toEqual([
        1, 0, 0, 0,
      ])
    })

    test('moves with the account of a connection', async () => {
      await call(api, 'PATCH', `/v1/connections/${connectionId}`, {
        json: { config: { wabaId: OTHER_WABA } },
      })
      const elsewhere = await makeAccount(api, '200000000000003')
      for (const id of [graph.wabaId, OTHER_WABA]) await deliver(api, elsewhere, alertTo(id))
      expect(await eventsOf(api, inboxOf(connectionId))).toHaveLength(1)
    })

    // Somebody who saw one sends it again, perhaps in another batch or much later.
    test('is done once, however often and in whatever batch it comes', async () => {
      await addNumber(connectionId, graph.unsetNumberId)
      await api.sandbox.clearRequests()
      const time = Math.floor(Date.now() / 1000)
      const entry = { id: graph.wabaId, time, changes: [flowsAlert('public-key-missing')] }
      const batch = deliveryOf([{ id: OTHER_WABA, changes: [] }, entry])
      for (const body of [deliveryOf([entry]), deliveryOf([entry]), batch]) {
        expect((await deliver(api, connectionId, body)).status).toBe(200)
        expect(await reads(1)).toEqual({ [graph.unsetNumberId]: 1 })
      }
      for (const days of [6, 2]) {
        await api.advance(days * DAY)
        await api.sandbox.clearRequests()
        await deliver(api, connectionId, batch)
        await api.advance(0)
        expect(await eventsOf(api, inboxOf(connectionId))).toHaveLength(1)
      }
    })

    describe('that is not Meta’s', () => {
      const body = alertTo(graph.wabaId)
      const refusals: readonly [
        string,
        () => Promise<Parameters<typeof deliver>[3] & { body?: string }>,
      ][] = [
        ['unsigned', async () => ({ signature: null })],
        ['signed with an empty signature', async () => ({ signature: '' })],
        ['forged', async () => ({ secret: 'not the secret' })],
        ['signed by SHA-1', async () => ({ signature: `sha1=${'0'.repeat(40)}` })],
        [
          'truncated',
          async () => ({ body: body.slice(0, -1), signature: await hubSignature(body) }),
        ],
        [
          'written anew',
          async () => ({
            body: JSON.stringify(JSON.parse(alertTo(graph.wabaId, flowsAlert('a/b')))),
            signature: await hubSignature(alertTo(graph.wabaId, flowsAlert('a/b'))),
          }),
        ],
      ]
      for (const [name, forge] of refusals) {
        test(`is refused and changes nothing: ${name}`, async () => {
          await addNumber(connectionId, graph.unsetNumberId)
          await api.sandbox.clearRequests()
          const { body: sent = body, ...how } = await forge()
          const refused = await deliver(api, connectionId, sent, how)
          await expectProblem(api, refused, 'unauthenticated')
          await api.advance(0)
          await expectNothingSent(api)
          expect(await eventsOf(api, inboxOf(connectionId))).toEqual([])
        })
      }

      test('is refused alike by connections that are not there, of another provider, or without secret', async () => {
        const without = await makeAccount(api, OTHER_WABA, { credentials: { appSecret: null } })
        const other = await make(api, '/v1/connections', {
          provider: 'kaleyra',
          name: 'kaleyra',
          config: { baseUrl: api.urls.kaleyra, sid: SAMPLE.kaleyra.sid },
          credentials: { apiKey: SAMPLE.kaleyra.apiKey },
        })
        const forged = await deliver(api, connectionId, body, { secret: 'forged' })
        const { detail } = await expectProblem(api, forged, 'unauthenticated')
        for (const id of ['con_0000000000000000', without, other]) {
          const sent = await deliver(api, id, body)
          expect((await expectProblem(api, sent, 'unauthenticated')).detail).toBe(detail)
        }
      })
    })

    test('that is signed and no JSON, or too long, is refused', async () => {
      await expectProblem(api, await deliver(api, connectionId, '{'), 'invalid_request')
      await expectProblem(api, await deliver(api, connectionId, '[]'), 'invalid_request')
      const long = deliveryOf([{ id: 'x'.repeat(3 * 1024 * 1024), changes: [] }])
      await expectProblem(api, await deliver(api, connectionId, long), 'payload_too_large')
    })
  })
}
