import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber } from '../harness/client.ts'
import {
  deliveriesTo,
  makeEndpoint,
  makeSubject,
  receivedBy,
  rename,
} from '../harness/endpoints.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'
import { newReceiver, payloadOf, type ReceiverControl } from '../harness/receiver-control.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const PATH = '/v1/webhook-endpoints'

const logged = z.object({ data: z.array(z.looseObject({ id: z.string(), at: z.string() })) })

/** Has the newest delivery of an endpoint sent again. */
async function redeliver(api: ApiHarness, endpointId: string) {
  const [delivery] = await deliveriesTo(api, endpointId)
  return call(api, 'POST', `${PATH}/${endpointId}/deliveries/${delivery?.id}/redeliver`)
}

/** What is sent to an endpoint, and what becomes of it. */
export function webhookDeliveriesSuite(open: OpenApi): void {
  describe('webhook deliveries', () => {
    let api: ApiHarness
    let receiver: ReceiverControl

    beforeEach(async () => {
      api = await open()
      receiver = newReceiver(api.receiversUrl)
    })
    afterEach(() => api.close())

    const statusesOf = async (id: string) =>
      (await deliveriesTo(api, id)).map(({ status, reason }) => [status, reason])

    test('a published key is told once, signed, as GET /v1/events shows it', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id, secret } = await makeEndpoint(api, receiver.url, ['key.published'])
      const { pem } = await freshKey()
      const path = `/v1/numbers/${numberId}/encryption-key`
      await call(api, 'PUT', path, { json: { publicKey: pem } })
      const received = await receivedBy(api, receiver, 1)
      const [message] = received
      if (message === undefined) throw new Error('Nothing was received')
      expect(received).toHaveLength(1)
      const { json } = await call(api, 'GET', `/v1/events?subject=${numberId}&type=key.published`)
      const [event] = logged.parse(json).data
      expect(new Webhook(secret).verify(message.body, message.headers)).toEqual({
        type: 'key.published',
        timestamp: event?.at,
        data: event,
      })
      expect(message.headers).toMatchObject({
        'webhook-id': event?.id,
        'content-type': 'application/json',
      })
      const told = () => deliveriesTo(api, id)
      expect(await eventually(told, ([one]) => one?.status === 'delivered')).toMatchObject([
        { event: { id: event?.id }, status: 'delivered', attempts: [{ status: 204 }] },
      ])
    })

    test('what happened before an endpoint was made is not told', async () => {
      const subject = await makeSubject(api)
      await rename(api, subject, 'before')
      await makeEndpoint(api, receiver.url, ['connection.*'])
      await rename(api, subject, 'after')
      const received = await receivedBy(api, receiver, 1)
      expect(received.map(payloadOf)).toMatchObject([{ data: { subject, sequence: 3 } }])
    })

    test('410 disables the endpoint, which is told once enabled again of what comes then', async () => {
      const subject = await makeSubject(api)
      const { id } = await makeEndpoint(api, receiver.url, ['connection.*'])
      await receiver.answer(410)
      await rename(api, subject, 'gone')
      await receivedBy(api, receiver, 1)
      const shown = () => call(api, 'GET', `${PATH}/${id}`)
      expect((await eventually(shown, ({ text }) => text.includes('"gone"'))).json).toMatchObject({
        status: 'disabled',
        disabled: { reason: 'gone' },
      })
      const { text } = await call(api, 'GET', '/v1/events?type=webhook_endpoint.disabled')
      expect(text).toContain(id)
      await receiver.answer(204)
      await rename(api, subject, 'while disabled')
      await api.advance(DAY)
      expect(await receiver.received()).toHaveLength(1)
      expect(await statusesOf(id)).toEqual([['dead', 'endpoint_disabled']])
      await call(api, 'PATCH', `${PATH}/${id}`, { json: { status: 'enabled' } })
      await rename(api, subject, 'enabled')
      const [, then, ...others] = await receivedBy(api, receiver, 2)
      expect(others).toEqual([])
      expect(then === undefined ? null : payloadOf(then)).toMatchObject({ data: { sequence: 4 } })
    })

    test('an endpoint that asks to be left alone is', async () => {
      const [one, other] = [await makeSubject(api), await makeSubject(api)]
      await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer({ status: 429, headers: { 'retry-after': '7200' } })
      await rename(api, one, 'refused')
      await receivedBy(api, receiver, 1)
      await receiver.answer(204)
      await rename(api, other, 'kept')
      await api.advance(HOUR)
      expect(await receiver.received()).toHaveLength(1)
      await api.advance(2 * HOUR)
      expect(await receivedBy(api, receiver, 3)).toHaveLength(3)
    })

    test('a deleted endpoint is sent nothing more', async () => {
      const subject = await makeSubject(api)
      const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer(500)
      await rename(api, subject, 'failed')
      await receivedBy(api, receiver, 1)
      await receiver.answer(204)
      await call(api, 'DELETE', `${PATH}/${id}`)
      await rename(api, subject, 'deleted')
      await api.advance(DAY)
      expect(await receiver.received()).toHaveLength(1)
    })

    test('a delivery that has ended is kept for a week', async () => {
      const subject = await makeSubject(api)
      const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
      await rename(api, subject, 'told')
      await receivedBy(api, receiver, 1)
      await api.advance(6 * DAY)
      expect(await statusesOf(id)).toEqual([['delivered', null]])
      await api.advance(3 * DAY)
      expect(await statusesOf(id)).toEqual([])
    })

    describe('redelivery', () => {
      test('sends what was delivered once more, with the same webhook-id', async () => {
        const subject = await makeSubject(api)
        const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
        await rename(api, subject, 'told')
        await receivedBy(api, receiver, 1)
        await eventually(
          () => statusesOf(id),
          ([first]) => first?.[0] === 'delivered',
        )
        const again = await redeliver(api, id)
        expect([again.status, again.json]).toMatchObject([202, { status: 'pending' }])
        const [first, second, ...others] = await receivedBy(api, receiver, 2)
        expect(others).toEqual([])
        expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
        expect(second?.body).toBe(first?.body)
      })

      test('tries what is pending at once', async () => {
        const subject = await makeSubject(api)
        const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
        await receiver.answer(204, 500, 500)
        await rename(api, subject, 'told')
        await receivedBy(api, receiver, 1)
        await api.advance(6_000)
        await eventually(
          () => deliveriesTo(api, id),
          ([one]) => one?.attempts.length === 2,
        )
        await redeliver(api, id)
        const received = await receivedBy(api, receiver, 3)
        expect(received.map(({ status }) => status)).toEqual([500, 500, 204])
      })

      test('refuses where the endpoint is disabled, and what is not its own', async () => {
        const subject = await makeSubject(api)
        const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
        const { id: other } = await makeEndpoint(api, receiver.url, ['key.*'])
        await rename(api, subject, 'told')
        await receivedBy(api, receiver, 1)
        const [delivery] = await deliveriesTo(api, id)
        const foreign = `${PATH}/${other}/deliveries/${delivery?.id}/redeliver`
        expect((await call(api, 'POST', foreign)).status).toBe(404)
        await call(api, 'PATCH', `${PATH}/${id}`, { json: { status: 'disabled' } })
        expect((await redeliver(api, id)).status).toBe(409)
      })
    })
  })
}
