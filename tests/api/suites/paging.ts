import { fleetNumberId, FOREIGN_PUBLIC_KEY } from '@latchkey/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI } from '../harness/key-fixtures.ts'

const FLEET = 120
const number = z.object({
  id: z.string(),
  upstreamId: z.string(),
  connectionId: z.string(),
  provider: z.string(),
  signatureStatus: z.string(),
  inSync: z.boolean().nullable(),
})
type Listed = z.infer<typeof number>
const page = z.object({ data: z.array(number), nextCursor: z.string().nullable() })

const fleet = (...indexes: readonly number[]) => indexes.map(fleetNumberId).toSorted()

/** Lists are read page by page: none twice, none left out, whatever changes meanwhile. */
export function pagingSuite(open: OpenApi): void {
  describe('a list of 120 numbers', () => {
    let api: ApiHarness
    let connectionId: string
    let byUpstreamId: ReadonlyMap<string, string>

    beforeAll(async () => {
      api = await open()
      await api.sandbox.reset({ graphNumbers: FLEET })
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      await call(api, 'POST', `/v1/connections/${connectionId}/discover`)
      await makeNumber(api, 'kaleyra')
      await makeNumber(api, 'onprem')
      await api.advance(0)
      const all = await collect('limit=200')
      byUpstreamId = new Map(all.map(({ upstreamId, id }) => [upstreamId, id]))
    })
    afterAll(() => api.close())

    /** Reads a list to its end, doing something between its pages. */
    async function collect(
      query: string,
      between?: (read: number) => Promise<unknown>,
    ): Promise<Listed[]> {
      const items: Listed[] = []
      let cursor: string | null = null
      let pages = 0
      do {
        const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const sent = await call(api, 'GET', `/v1/numbers?${query}${at}`)
        const read = page.parse(sent.json)
        const limit = Number(new URLSearchParams(query).get('limit') ?? 50)
        expect(read.data.length).toBeLessThanOrEqual(limit)
        items.push(...read.data)
        cursor = read.nextCursor
        pages += 1
        if (cursor !== null) await between?.(pages)
      } while (cursor !== null)
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
      return items
    }

    const readFleet = async (index: number) => {
      const id = byUpstreamId.get(fleetNumberId(index)) ?? ''
      await call(api, 'GET', `/v1/numbers/${id}/encryption-key?fresh=true`)
    }
    const setKey = (index: number, status: 'VALID' | 'MISMATCH' | null) =>
      api.sandbox.setNumber('graph', fleetNumberId(index), {
        key: status === null ? null : { pem: FOREIGN_PUBLIC_KEY, status },
      })

    const upstreamIds = async (query: string) =>
      (await collect(query)).map(({ upstreamId }) => upstreamId).toSorted()

    test.each([7, 61, 200])('is whole in pages of %i', async (limit) => {
      const items = await collect(`limit=${limit}`)
      expect(items).toHaveLength(FLEET + 2)
      const ids = items.map(({ id }) => id)
      expect(ids).toEqual(ids.toSorted())
    })

    test('has 50 on a page unless asked otherwise, and an end', async () => {
      const first = page.parse((await call(api, 'GET', '/v1/numbers')).json)
      expect([first.data.length, first.nextCursor === null]).toEqual([50, false])
      const exact = page.parse((await call(api, 'GET', `/v1/numbers?limit=${FLEET + 2}`)).json)
      expect([exact.data.length, exact.nextCursor]).toEqual([FLEET + 2, null])
    })

    test('is filtered by connection and provider, alone and together', async () => {
      expect(await collect(`connectionId=${connectionId}&limit=50`)).toHaveLength(FLEET)
      expect(await collect('provider=graph')).toHaveLength(FLEET)
      expect(await collect('provider=kaleyra')).toHaveLength(1)
      expect(await collect('provider=none')).toEqual([])
      expect(await collect(`provider=kaleyra&connectionId=${connectionId}`)).toEqual([])
      expect(await collect('inSync=null')).toMatchObject([{ provider: 'kaleyra', inSync: null }])
      expect(await collect('connectionId=con_0000000000000000')).toEqual([])
    })

    test('is filtered by what was seen of the keys', async () => {
      for (const index of [3, 50, 97]) await setKey(index, 'MISMATCH')
      for (const index of [4, 60]) await setKey(index, 'VALID')
      for (const index of [3, 4, 5, 50, 60, 97]) await readFleet(index)
      const id = byUpstreamId.get(fleetNumberId(7)) ?? ''
      await call(api, 'PUT', `/v1/numbers/${id}/encryption-key`, { json: { publicKey: SPKI } })
      await api.advance(0)
      expect(await upstreamIds('signatureStatus=mismatch&limit=2')).toEqual(fleet(3, 50, 97))
      expect(await upstreamIds('signatureStatus=valid&limit=1')).toEqual(fleet(4, 7, 60))
      expect(await upstreamIds('signatureStatus=unset')).toEqual(fleet(5))
      expect(await upstreamIds('inSync=true')).toEqual(fleet(7))
      expect(await upstreamIds('inSync=true&signatureStatus=mismatch')).toEqual([])
      expect(await upstreamIds('inSync=false&signatureStatus=valid')).toEqual(fleet(4, 60))
      expect((await upstreamIds('inSync=false')).length).toBe(FLEET)
      for (const { signatureStatus } of await collect('signatureStatus=unknown&limit=30')) {
        expect(signatureStatus).toBe('unknown')
      }
    })

    test('loses none that stays and has none twice while others come, go and change', async () => {
      const before = new Set(byUpstreamId.values())
      const removed: string[] = []
      const items = await collect('limit=10', async (pages) => {
        const index = pages * 9
        const gone = byUpstreamId.get(fleetNumberId(index)) ?? ''
        await call(api, 'DELETE', `/v1/numbers/${gone}`)
        removed.push(gone)
        await setKey(index + 1, 'MISMATCH')
        await readFleet(index + 1)
        const back = { connectionId, upstreamId: fleetNumberId(index) }
        await make(api, '/v1/numbers', back)
        await api.advance(0)
      })
      const ids = new Set(items.map(({ id }) => id))
      const lost = [...before].filter((id) => !ids.has(id) && !removed.includes(id))
      expect(lost).toEqual([])
    })
  })
}
