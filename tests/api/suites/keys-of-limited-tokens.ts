import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'
import { addKey, getKey, listKeys, publishKeyId } from '../harness/ring-keys.ts'
import { makeToken } from '../harness/tokens.ts'

const detailOf = ({ json }: Sent) => z.object({ detail: z.string() }).parse(json).detail

const SCOPES = ['keys:read', 'keys:write', 'numbers:read', 'numbers:write'] as const

/** What a token that is limited to connections sees of the ring, and may do with it. */
export function keysOfLimitedTokensSuite(open: OpenApi): void {
  describe('keys, for a token limited to connections', () => {
    let api: ApiHarness
    let connectionId: string
    let numberId: string
    let token: string

    beforeEach(async () => {
      api = await open()
      ;({ connectionId, numberId } = await makeNumber(api, 'graph'))
      ;({ token } = await makeToken(api, [...SCOPES], { connections: [connectionId] }))
    })
    afterEach(() => api.close())

    test('only the keys that its numbers use are there', async () => {
      const [mine, foreign] = [
        await addKey(api, { generate: true }),
        await addKey(api, { generate: true }),
      ]
      const before = await call(api, 'GET', `/v1/keys/${mine.id}`, { token })
      expect(before.json).toMatchObject({ status: 404, code: 'not_found' })
      await publishKeyId(api, numberId, mine.id)
      expect((await listKeys(api, '', token)).data.map(({ id }) => id)).toEqual([mine.id])
      expect((await call(api, 'GET', `/v1/keys/${mine.id}`, { token })).status).toBe(200)
      for (const method of ['GET', 'DELETE']) {
        const sent = await call(api, method, `/v1/keys/${foreign.id}`, { token })
        expect(sent.json).toMatchObject({ status: 404, code: 'not_found' })
        const none = await call(api, method, `/v1/keys/key_${'0'.repeat(16)}`, { token })
        expect(detailOf(sent)).toBe(detailOf(none).replace(/key_0+/, foreign.id))
      }
    })

    test('a key that it does not see cannot be published', async () => {
      const { id } = await addKey(api, { generate: true })
      const path = `/v1/numbers/${numberId}/encryption-key`
      const sent = await call(api, 'PUT', path, { json: { keyId: id }, token })
      expect(sent.json).toMatchObject({ status: 404, code: 'not_found' })
      expect((await getKey(api, id)).numbers).toEqual([])
    })

    test('a key that it adds is its own: seen, published, deleted', async () => {
      const { id } = await addKey(api, { generate: true }, token)
      const path = `/v1/numbers/${numberId}/encryption-key`
      const sent = await call(api, 'PUT', path, { json: { keyId: id }, token })
      expect(sent.json).toMatchObject({ keyId: id })
      const { id: spare } = await addKey(api, { generate: true }, token)
      expect((await call(api, 'DELETE', `/v1/keys/${spare}`, { token })).status).toBe(204)
    })

    test('of a key that others use too, it sees its own numbers, and may not delete it', async () => {
      const { numberId: theirs } = await makeNumber(api, 'kaleyra')
      const { id } = await addKey(api, { generate: true }, token)
      await publishKeyId(api, numberId, id)
      await publishKeyId(api, theirs, id)
      expect((await getKey(api, id)).numbers.toSorted()).toEqual([numberId, theirs].toSorted())
      const seen = await call(api, 'GET', `/v1/keys/${id}`, { token })
      expect(seen.json).toMatchObject({ state: 'active', numbers: [numberId] })
      const refused = await call(api, 'DELETE', `/v1/keys/${id}`, { token })
      expect(refused.json).toMatchObject({ status: 403, code: 'forbidden' })
      expect(refused.text).not.toContain(theirs)
    })

    test('whose key it is that is there already is not told', async () => {
      const own = await freshKey()
      const { id } = await addKey(api, { publicKey: own.pem })
      const sent = await call(api, 'POST', '/v1/keys', { json: { publicKey: own.pem }, token })
      expect(sent.json).toMatchObject({ status: 409, code: 'conflict' })
      expect(sent.text).not.toContain(id)
    })
  })
}
