import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectProblem } from '../harness/problem.ts'

const { graph } = SAMPLE
/** As the sandbox lists them; the deleted one is not there. */
const LISTED = [
  graph.unsetNumberId,
  graph.secondUnsetNumberId,
  graph.foreignKeyNumberId,
  graph.mismatchNumberId,
  graph.unregisteredNumberId,
  graph.deniedNumberId,
]

/** As many as the edge gives at once. */
const PAGE = 100

const found = z.object({
  added: z.array(
    z.object({ id: z.string(), upstreamId: z.string(), label: z.string().nullable() }),
  ),
  known: z.array(z.string()),
})

/** What the upstream lists becomes numbers, once, and its paging leads nowhere else. */
export function discoverySuite(open: OpenApi): void {
  describe('discovery', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
    })
    afterEach(() => api.close())

    const discover = () => call(api, 'POST', `/v1/connections/${connectionId}/discover`)
    const pages = async () => {
      const path = `/v25.0/${graph.wabaId}/phone_numbers`
      return (await api.sandbox.requests({ upstream: 'graph', path })).requests
    }

    test('adds what is missing, with the name that it has there, and lists what is known', async () => {
      const [first = '', ...rest] = LISTED
      await make(api, '/v1/numbers', { connectionId, upstreamId: first, label: 'mine' })
      const sent = await discover()
      const { added, known } = found.parse(sent.json)
      expect(known).toEqual([first])
      expect(added.map(({ upstreamId }) => upstreamId).toSorted()).toEqual(rest.toSorted())
      for (const { label } of added)
        expect(label).toMatch(/^Sandbox Shop \d \(\+1 555-010-\d{4}\)$/)
      const again = found.parse((await discover()).json)
      expect([again.added, again.known.toSorted()]).toEqual([[], LISTED.toSorted()])
      await api.advance(0)
      const list = await call(api, 'GET', `/v1/numbers?connectionId=${connectionId}`)
      expect(list.json).toMatchObject({ data: LISTED.map(() => ({ provider: 'graph' })) })
    })

    test('takes the whole list where there is no paging', async () => {
      await api.sandbox.setKnobs('graph', { paging: 'none' })
      expect(found.parse((await discover()).json).added).toHaveLength(LISTED.length)
      expect(await pages()).toHaveLength(1)
    })

    // `paging.next` has the token in it and may name any host: whoever is asked there has the token from then on.
    test('reads page after page by cursor alone, and goes on where the upstream failed', async () => {
      await api.sandbox.reset({ graphNumbers: PAGE + 1 })
      await api.sandbox.setKnobs('graph', { nextOrigin: 'https://collector.example' })
      const answer = { kind: 'vendor-error', code: 190 } as const
      const path = '/*/*/phone_numbers'
      await api.sandbox.addFault({ upstream: 'graph', path, skip: 1, times: null, answer })
      await expectProblem(api, await discover(), 'upstream_unauthorized')
      await api.sandbox.clearFaults()
      await api.sandbox.clearRequests()

      const { added, known } = found.parse((await discover()).json)
      expect([added.length, known.length]).toEqual([1, PAGE])
      const requests = await pages()
      expect(requests.map(({ query }) => query['after'] === undefined)).toEqual([true, false])
      for (const { query } of requests) expect(query).not.toHaveProperty('access_token')
    })

    test('needs a provider that lists, and an account to list', async () => {
      for (const provider of ['onprem', 'kaleyra'] as const) {
        const id = await make(api, '/v1/connections', connectionTo(api, provider))
        const sent = await call(api, 'POST', `/v1/connections/${id}/discover`)
        await expectProblem(api, sent, 'unsupported_operation')
      }
      await call(api, 'PATCH', `/v1/connections/${connectionId}`, {
        json: { config: { wabaId: null } },
      })
      await expectProblem(api, await discover(), 'unsupported_operation')
      expect((await api.sandbox.requests()).requests).toEqual([])
    })
  })
}
