import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import {
  deliveriesTo,
  makeEndpoint,
  makeSubject,
  receivedBy,
  rename,
  takenOf,
} from '../harness/endpoints.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import {
  isTaken,
  newReceiver,
  payloadOf,
  type ReceiverControl,
} from '../harness/receiver-control.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The schedule of the standard, with the most that its jitter adds. */
const SCHEDULE = [
  5_500,
  5.5 * MINUTE,
  33 * MINUTE,
  2.2 * HOUR,
  5.5 * HOUR,
  11 * HOUR,
  15.4 * HOUR,
  22 * HOUR,
  26.4 * HOUR,
]

/** Every event once, and in order, whatever the receiver does. */
export function webhookOrderSuite(open: OpenApi): void {
  describe('the order of webhooks', () => {
    let api: ApiHarness
    let receiver: ReceiverControl

    beforeEach(async () => {
      api = await open()
      receiver = newReceiver(api.receiversUrl)
    })
    afterEach(() => api.close())

    test('a receiver that was down for an hour is told of everything once, in order', async () => {
      const subjects = [await makeSubject(api), await makeSubject(api)]
      await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer(503)
      for (let count = 0; count < 4; count += 1) {
        for (const subject of subjects) await rename(api, subject, `number ${count}`)
        await api.advance(15 * MINUTE)
      }
      expect((await receiver.received()).filter(isTaken)).toEqual([])
      await receiver.answer(204)
      await api.advance(3 * HOUR)
      const taken = (await receivedBy(api, receiver, 0)).filter(isTaken)
      expect(taken).toHaveLength(8)
      for (const subject of subjects) expect(takenOf(taken, subject)).toEqual([2, 3, 4, 5])
    })

    test('what waits for an earlier event of its subject keeps no other subject waiting', async () => {
      const [stuck, free] = [await makeSubject(api), await makeSubject(api)]
      await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer(204, 500)
      await rename(api, stuck, 'refused')
      await receivedBy(api, receiver, 1)
      await rename(api, stuck, 'waits')
      await rename(api, free, 'told')
      const before = await receivedBy(api, receiver, 2)
      expect(before.map((each) => [payloadOf(each).data.subject, each.status])).toEqual([
        [stuck, 500],
        [free, 204],
      ])
      await api.advance(6_000)
      expect(takenOf(await receivedBy(api, receiver, 4), stuck)).toEqual([2, 3])
    })

    test('a delivery is dead after the last attempt, and the next of its subject is sent', async () => {
      const subject = await makeSubject(api)
      const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer(500)
      await rename(api, subject, 'never taken')
      await receivedBy(api, receiver, 1)
      await rename(api, subject, 'taken')
      for (const pause of SCHEDULE.slice(0, -1)) await api.advance(pause)
      const first = (await receiver.received())[0]?.headers['webhook-id']
      const tries = await receiver.received()
      expect(tries.map(({ headers }) => headers['webhook-id'])).toEqual(Array(9).fill(first))
      await receiver.answer(204, 500)
      await api.advance(SCHEDULE.at(-1) ?? 0)
      expect(takenOf(await receivedBy(api, receiver, 11), subject)).toEqual([3])
      const [delivered, dead] = await deliveriesTo(api, id)
      expect(delivered).toMatchObject({ status: 'delivered' })
      expect(dead).toMatchObject({ status: 'dead', reason: 'exhausted', nextAttemptAt: null })
      expect(dead?.attempts).toHaveLength(10)
      expect(api.logs().join('\n')).toContain('Webhook could not be delivered')
    })

    test('no attempt is made before its time', async () => {
      const subject = await makeSubject(api)
      await makeEndpoint(api, receiver.url, ['connection.updated'])
      await receiver.answer(500)
      await rename(api, subject, 'refused')
      await receivedBy(api, receiver, 1)
      await api.advance(6_000)
      expect(await receivedBy(api, receiver, 2)).toHaveLength(2)
      await api.advance(4 * MINUTE)
      expect(await receiver.received()).toHaveLength(2)
      await api.advance(2 * MINUTE)
      expect(await receivedBy(api, receiver, 3)).toHaveLength(3)
    })

    test('each endpoint is told by itself', async () => {
      const subject = await makeSubject(api)
      const other = newReceiver(api.receiversUrl)
      await makeEndpoint(api, receiver.url, ['connection.updated'])
      const { id } = await makeEndpoint(api, other.url, ['connection.*'])
      await receiver.answer(500)
      for (const name of ['a', 'b', 'c']) await rename(api, subject, name)
      await receivedBy(api, other, 3)
      expect(takenOf(await other.received(), subject)).toEqual([2, 3, 4])
      const { json } = await call(api, 'GET', `/v1/webhook-endpoints/${id}`)
      expect(json).toMatchObject({ failingSince: null })
    })
  })
}
