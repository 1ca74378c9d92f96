import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make } from '../harness/client.ts'
import { makeEndpoint, receivedBy } from '../harness/endpoints.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { newReceiver, payloadOf } from '../harness/receiver-control.ts'

const MINUTE = 60_000

/** Connections that keep failing, and those that work again. */
export function connectionHealthSuite(open: OpenApi): void {
  describe('a connection that keeps failing', () => {
    let api: ApiHarness
    let id: string

    beforeEach(async () => {
      api = await open()
      id = await make(api, '/v1/connections', connectionTo(api, 'graph'))
    })
    afterEach(() => api.close())

    const check = () => call(api, 'POST', `/v1/connections/${id}/check`)
    const fail = () =>
      api.sandbox.addFault({
        upstream: 'graph',
        times: null,
        answer: { kind: 'respond', status: 503, json: { error: { code: 2 } } },
      })
    const told = async () =>
      (await eventsOf(api, id))
        .map(({ type }) => type)
        .filter((type) => /failing|recovered/.test(type))

    test('is told of once, and once more when it works again', async () => {
      await fail()
      await check()
      await api.advance(4 * MINUTE)
      await check()
      expect(await told()).toEqual([])
      await api.advance(2 * MINUTE)
      for (let count = 0; count < 3; count += 1) await check()
      expect(await told()).toEqual(['connection.failing'])
      await api.sandbox.clearFaults()
      for (let count = 0; count < 2; count += 1) await check()
      expect(await told()).toEqual(['connection.failing', 'connection.recovered'])
    })

    test('is not one that failed for a moment', async () => {
      for (let count = 0; count < 2; count += 1) {
        await fail()
        await check()
        await api.sandbox.clearFaults()
        await check()
        await api.advance(6 * MINUTE)
      }
      expect(await told()).toEqual([])
    })

    test('tells why and since when, to endpoints too', async () => {
      const receiver = newReceiver(api.receiversUrl)
      await makeEndpoint(api, receiver.url, ['connection.failing'])
      await fail()
      await check()
      await api.advance(6 * MINUTE)
      await check()
      const [message] = await receivedBy(api, receiver, 1)
      expect(message === undefined ? null : payloadOf(message)).toMatchObject({
        type: 'connection.failing',
        data: { subject: id, data: { code: 'upstream_unavailable', status: 503 } },
      })
    })
  })
}
