import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { finished, makeFleet, SHARED, start } from '../harness/rotation-calls.ts'
import { makeToken } from '../harness/tokens.ts'

interface Message {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** The messages of a stream of Server-Sent Events, when it has ended (HTML Living Standard §9.2.6). */
async function messagesIn(response: Response): Promise<readonly Message[]> {
  const text = await response.text()
  return text.split('\n\n').flatMap((block) => {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const [name = '', ...rest] = line.split(': ')
        return [name, rest.join(': ')]
      }),
    )
    const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
    if (id === undefined || event === undefined || data === undefined) return []
    const parsed: unknown = JSON.parse(data)
    return [{ id, event, data: parsed }]
  })
}

/** Who follows a rotation, and comes back. */
export function rotationEventsSuite(open: OpenApi): void {
  describe('following a rotation', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open({ haste: 20 })
    })
    afterEach(() => api.close())

    const follow = (id: string, headers: Readonly<Record<string, string>> = {}) =>
      api.request(`/v1/rotations/${id}/events`, {
        headers: { authorization: `Bearer ${api.adminToken}`, ...headers },
      })

    test('tells how far it is until it has finished, and no more to who has seen that', async () => {
      const { numberIds } = await makeFleet(api, 2)
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      const following = follow(id)
      await finished(api, id)
      const response = await following
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/event-stream')
      const seen = await messagesIn(response)
      expect(seen.at(0)).toMatchObject({ data: { id, counts: { total: 2 } } })
      const last = seen.at(-1)
      expect(last).toMatchObject({
        event: 'finished',
        data: { status: 'succeeded', counts: { verified: 2 } },
      })
      expect(seen.filter(({ event }) => event === 'finished')).toHaveLength(1)
      expect(new Set(seen.map((message) => message.id)).size).toBe(seen.length)
      const back = await follow(id, { 'last-event-id': last?.id ?? '' })
      expect(back.status).toBe(204)
      const late = await follow(id, { 'last-event-id': '1' })
      expect(await messagesIn(late)).toEqual([last])
    })

    test('closes after a minute, and tells who comes back only what is new', async () => {
      const { numberIds } = await makeFleet(api, 1)
      await api.sandbox.setKnobs('graph', { readLagMs: 3_600_000 })
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      const first = await messagesIn(await follow(id))
      expect(first.at(-1)).toMatchObject({ event: 'progress', data: { status: 'running' } })
      const again = await messagesIn(await follow(id, { 'last-event-id': first.at(-1)?.id ?? '' }))
      expect(again).toEqual([])
    })

    test('is not for who may not see the rotation', async () => {
      const { numberIds } = await makeFleet(api, 1)
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      const { token } = await makeToken(api, ['rotations:read'], {
        connections: [`con_${'0'.repeat(16)}`],
      })
      const hidden = await follow(id, { authorization: `Bearer ${token}` })
      expect(hidden.status).toBe(404)
      const { token: other } = await makeToken(api, ['numbers:read'])
      expect((await follow(id, { authorization: `Bearer ${other}` })).status).toBe(403)
    })
  })
}
