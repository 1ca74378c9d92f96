import { DAY, HOUR, MINUTE } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo } from '../harness/key-calls.ts'
import { freshKey } from '../harness/keys.ts'
import { addKey, getKey, listKeys, publishKeyId, type RingKey } from '../harness/ring-keys.ts'

/** Longer than it takes to look at a key that was let go of. */
const LOOK_MS = MINUTE

/** Keys that numbers use: published by their ids, replaced, retired, and destroyed when their time has come. */
export function keysInUseSuite(open: OpenApi): void {
  describe('keys in use', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    /** Lets Latchkey work until a key is as it should be: an alarm may be at it already, and is not waited for. */
    const keyThat = (id: string, passes: (key: RingKey) => boolean): Promise<RingKey> =>
      eventually(async () => {
        await api.advance(0)
        return getKey(api, id)
      }, passes)

    /** A key that a number had, and whose overlap is over. */
    async function retired() {
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      const { id } = await addKey(api, { generate: true })
      await publishKeyId(api, numberId, id)
      await publishTo(api, numberId, await freshKey())
      await api.advance(DAY)
      await api.advance(LOOK_MS)
      const key = await keyThat(id, ({ retiredAt }) => retiredAt !== null)
      return { connectionId, numberId, id, key }
    }

    test('PUT by keyId publishes it, and says whose number has it', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const key = await addKey(api, { generate: true })
      const sent = await publishKeyId(api, numberId, key.id)
      expect(sent.json).toMatchObject({
        keyId: key.id,
        publicKey: key.publicKey,
        fingerprint: key.fingerprint,
        inSync: true,
        warnings: [],
      })
      const used = await getKey(api, key.id)
      expect(used).toMatchObject({ state: 'active', numbers: [numberId], hasMoreNumbers: false })
      const listed = await eventually(
        async () => (await listKeys(api, '?consistency=strong')).data,
        ([first]) => first?.state === 'active',
      )
      expect(listed).toEqual([used])
    })

    test('a key of the ring that is published as a PEM is known for what it is', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const own = await freshKey()
      const { id } = await addKey(api, { privateKey: own.privatePem })
      expect((await publishTo(api, numberId, own)).json).toMatchObject({ keyId: id })
      expect(await getKey(api, id)).toMatchObject({ state: 'active', numbers: [numberId] })
    })

    test('a key that was published before it was brought is in use from the start', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const own = await freshKey()
      await publishTo(api, numberId, own)
      const known = await eventually(
        async () => {
          const key = await addKey(api, { publicKey: own.pem })
          if (key.state !== 'active') await call(api, 'DELETE', `/v1/keys/${key.id}`)
          return key
        },
        ({ state }) => state === 'active',
      )
      expect(known.numbers).toEqual([numberId])
      expect((await call(api, 'DELETE', `/v1/keys/${known.id}`)).status).toBe(409)
    })

    // Its private half still opens what was encrypted for it before.
    test('a key that was brought after it was published has its overlap too', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const own = await freshKey()
      await publishTo(api, numberId, own)
      const { id } = await eventually(
        async () => {
          const key = await addKey(api, { privateKey: own.privatePem })
          if (key.state !== 'active') await call(api, 'DELETE', `/v1/keys/${key.id}`)
          return key
        },
        ({ state }) => state === 'active',
      )
      const path = `/v1/numbers/${numberId}/encryption-key?consistency=strong`
      await eventually(
        async () => {
          await api.advance(0)
          return (await call(api, 'GET', path)).text
        },
        (text) => text.includes(id),
      )
      await publishTo(api, numberId, await freshKey())
      expect(await getKey(api, id)).toMatchObject({ state: 'retiring', numbers: [numberId] })
      expect((await call(api, 'DELETE', `/v1/keys/${id}`)).status).toBe(409)
      await api.advance(DAY)
      await api.advance(LOOK_MS)
      await keyThat(id, ({ state }) => state === 'retired')
    })

    test('PUT by the id of no key, or of a deleted one, publishes nothing', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id } = await addKey(api, { generate: true })
      await call(api, 'DELETE', `/v1/keys/${id}`)
      for (const keyId of [id, `key_${'0'.repeat(16)}`]) {
        const path = `/v1/numbers/${numberId}/encryption-key`
        const sent = await call(api, 'PUT', path, { json: { keyId } })
        expect(sent.json).toMatchObject({ status: 404, code: 'not_found' })
      }
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    // Its private half never left, so that nobody could open what is encrypted for it.
    test('PUT of the PEM of a key made here that was deleted is refused', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id, publicKey } = await addKey(api, { generate: true })
      await call(api, 'DELETE', `/v1/keys/${id}`)
      const path = `/v1/numbers/${numberId}/encryption-key`
      const refused = await call(api, 'PUT', path, { json: { publicKey } })
      expect(refused).toMatchObject({ status: 409, json: { code: 'conflict' } })
      const added = await call(api, 'POST', '/v1/keys', { json: { publicKey } })
      expect(added).toMatchObject({ status: 409, json: { code: 'conflict' } })
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    test('a key is not deleted while a number has it, nor while its overlap runs', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id } = await addKey(api, { generate: true })
      await publishKeyId(api, numberId, id)
      const active = await call(api, 'DELETE', `/v1/keys/${id}`)
      expect(active.json).toMatchObject({ status: 409, code: 'conflict' })
      expect(active.text).toContain(numberId)
      await publishTo(api, numberId, await freshKey())
      expect(await getKey(api, id)).toMatchObject({ state: 'retiring', numbers: [numberId] })
      const retiring = await call(api, 'DELETE', `/v1/keys/${id}`)
      expect(retiring.status).toBe(409)
      expect(retiring.text).toContain('overlap')
      await api.advance(DAY)
      await keyThat(id, ({ state }) => state === 'retired')
      expect((await call(api, 'DELETE', `/v1/keys/${id}`)).status).toBe(204)
    })

    test('a refused deletion leaves a key as it was', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id } = await addKey(api, { generate: true })
      await publishKeyId(api, numberId, id)
      await call(api, 'DELETE', `/v1/keys/${id}`)
      await publishKeyId(api, numberId, id)
      expect(await getKey(api, id)).toMatchObject({ state: 'active' })
    })

    test('a key of a number that is deleted is free, and retired', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const { id } = await addKey(api, { generate: true })
      await publishKeyId(api, numberId, id)
      await call(api, 'DELETE', `/v1/numbers/${numberId}`)
      await api.advance(LOOK_MS)
      const key = await keyThat(id, ({ retiredAt }) => retiredAt !== null)
      expect(key).toMatchObject({ state: 'retired', numbers: [] })
    })

    test('a retired private key is destroyed after 30 days, and the key stays to be seen', async () => {
      const { id, key, numberId } = await retired()
      expect(key).toMatchObject({ state: 'retired', numbers: [], destroyedAt: null })
      await api.advance(29 * DAY)
      expect(await getKey(api, id)).toMatchObject({ destroyedAt: null })
      await api.advance(DAY + HOUR)
      const destroyed = await keyThat(id, ({ destroyedAt }) => destroyedAt !== null)
      expect(destroyed).toMatchObject({ state: 'retired', custody: 'held' })
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual(['key.created', 'key.retired', 'key.destroyed'])
      // Whoever is sent something encrypted for it could not read it.
      const path = `/v1/numbers/${numberId}/encryption-key`
      const sent = await call(api, 'PUT', path, { json: { keyId: id } })
      expect(sent.json).toMatchObject({ status: 409, code: 'conflict' })
      expect((await call(api, 'DELETE', `/v1/keys/${id}`)).status).toBe(204)
    })

    // A key that somebody put there again by hand is in use, whatever Latchkey was told.
    test('a retired private key is kept while it stands at an upstream', async () => {
      const { id, key, numberId, connectionId } = await retired()
      await call(api, 'PATCH', `/v1/connections/${connectionId}`, {
        json: { config: { repair: 'alert' } },
      })
      const stored = { pem: key.publicKey, status: 'VALID' } as const
      await api.sandbox.setNumber('graph', UPSTREAM_NUMBERS.graph, { key: stored })
      await api.advance(31 * DAY)
      await api.advance(DAY + HOUR)
      expect(await getKey(api, id)).toMatchObject({ destroyedAt: null })
      await publishTo(api, numberId, await freshKey())
      await api.advance(2 * DAY)
      await keyThat(id, ({ destroyedAt }) => destroyedAt !== null)
    })

    test('an upstream out of reach puts the destruction off', async () => {
      const { id } = await retired()
      const answer = { kind: 'respond', status: 503 } as const
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'GET',
        path: '/**',
        times: null,
        answer,
      })
      await api.advance(31 * DAY)
      expect(await getKey(api, id)).toMatchObject({ destroyedAt: null })
      await api.sandbox.clearFaults()
      await api.advance(2 * HOUR)
      await keyThat(id, ({ destroyedAt }) => destroyedAt !== null)
    })

    test('a retired key that is used again is not destroyed', async () => {
      const { id, numberId } = await retired()
      await publishKeyId(api, numberId, id)
      await api.advance(31 * DAY)
      expect(await getKey(api, id)).toMatchObject({ state: 'active', destroyedAt: null })
    })
  })
}
