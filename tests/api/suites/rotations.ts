import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo } from '../harness/key-calls.ts'
import { freshKey } from '../harness/keys.ts'
import {
  finished,
  keyOf,
  makeFleet,
  NO_COUNTS,
  numbersOf,
  PER_NUMBER,
  SHARED,
  start,
} from '../harness/rotation-calls.ts'

/** New keys for many numbers: what is published where, and what is told of it. */
export function rotationsSuite(open: OpenApi): void {
  describe('rotating keys', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    test('gives each number of a connection a key of its own, read back and held', async () => {
      const { connectionId, numberIds } = await makeFleet(api, 5)
      const sent = await call(api, 'POST', '/v1/rotations', {
        json: { numbers: { connectionId }, key: PER_NUMBER },
      })
      expect(sent.status, sent.text).toBe(202)
      expect(sent.json).toMatchObject({
        status: 'running',
        counts: { ...NO_COUNTS, total: 5, pending: 5 },
        overlapSeconds: 86_400,
        finishedAt: null,
      })
      const path = sent.headers.get('location') ?? ''
      await finished(api, path.slice('/v1/rotations/'.length))
      const done = await call(api, 'GET', path)
      expect(done.json).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 5, verified: 5 },
      })
      expect(done.text).toMatch(/"finishedAt":"\d{4}-/)
      const keys = await Promise.all(numberIds.map((id) => keyOf(api, id)))
      expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(5)
      expect(keys.every(({ inSync }) => inSync === true)).toBe(true)
      const listed = await numbersOf(api, path.slice('/v1/rotations/'.length))
      expect(listed.map(({ numberId }) => numberId).toSorted()).toEqual(numberIds.toSorted())
      expect(new Set(listed.map(({ keyId }) => keyId))).toEqual(new Set(keys.map((k) => k.keyId)))
      const { numbers } = await api.sandbox.state('graph')
      expect(numbers.map(({ writes }) => writes)).toEqual([1, 1, 1, 1, 1])
    })

    test('gives all numbers of three providers the same key', async () => {
      const { numberIds } = await makeFleet(api, 2)
      const onprem = await makeNumber(api, 'onprem')
      const kaleyra = await makeNumber(api, 'kaleyra')
      const { id } = await start(api, { numbers: { all: true }, key: SHARED })
      // Kaleyra has no safe read: accepted counts as active, and never as verified.
      expect(await finished(api, id)).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 4, verified: 3, published: 1 },
      })
      const all = [...numberIds, onprem.numberId, kaleyra.numberId]
      const keys = await Promise.all(all.map((each) => keyOf(api, each)))
      expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1)
      expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1)
      expect(keys[0]?.keyId).toMatch(/^key_/)
    })

    test('selects by provider, and by ids, each number once', async () => {
      const { numberIds } = await makeFleet(api, 2)
      const { numberId } = await makeNumber(api, 'onprem')
      const byProvider = await start(api, { numbers: { provider: 'graph' }, key: SHARED })
      const [first = ''] = numberIds
      expect(byProvider.counts.total).toBe(2)
      const byId = await start(api, { numbers: [numberId, numberId], key: SHARED })
      expect(byId.counts.total).toBe(1)
      for (const { id } of [byId, byProvider]) {
        expect(await finished(api, id)).toMatchObject({ status: 'succeeded' })
      }
      expect(await numbersOf(api, byProvider.id, '&status=failed')).toEqual([])
      expect(await numbersOf(api, byProvider.id, '&status=verified')).toHaveLength(2)
      expect(await keyOf(api, first)).not.toEqual(await keyOf(api, numberId))
    })

    test('says what it would be for, and does none of it', async () => {
      const { numberIds } = await makeFleet(api, 3)
      const sent = await call(api, 'POST', '/v1/rotations', {
        json: { numbers: { all: true }, key: PER_NUMBER, dryRun: true },
      })
      expect(sent.status).toBe(200)
      expect(sent.json).toMatchObject({
        id: null,
        dryRun: true,
        counts: { ...NO_COUNTS, total: 3, pending: 3 },
      })
      await api.advance(60_000)
      const listed = await call(api, 'GET', '/v1/rotations')
      expect(listed.json).toEqual({ data: [], nextCursor: null })
      expect((await keyOf(api, numberIds[0] ?? '')).fingerprint).toBeNull()
    })

    test('tells the log of each number that is done, and of the end', async () => {
      const { numberIds } = await makeFleet(api, 2)
      const [first = '', second = ''] = numberIds
      const before = await freshKey()
      await publishTo(api, first, before)
      const { id } = await start(api, { numbers: numberIds, key: PER_NUMBER })
      await finished(api, id)
      const { keyId, fingerprint } = await keyOf(api, first)
      const rotated = (await eventsOf(api, first)).filter(({ type }) => type === 'key.rotated')
      expect(rotated).toMatchObject([
        { data: { rotationId: id, keyId, fingerprint, replaced: before.fingerprint } },
      ])
      const others = (await eventsOf(api, second)).filter(({ type }) => type === 'key.rotated')
      expect(others).toMatchObject([{ data: { rotationId: id, replaced: null } }])
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual(['rotation.started', 'rotation.finished'])
    })

    test('repeats the answer to an Idempotency-Key, and starts once', async () => {
      await makeFleet(api, 1)
      const json = { numbers: { all: true }, key: SHARED }
      const headers = { 'idempotency-key': 'once' }
      const first = await call(api, 'POST', '/v1/rotations', { json, headers })
      const again = await call(api, 'POST', '/v1/rotations', { json, headers })
      expect(again.status).toBe(202)
      expect(again.json).toEqual(first.json)
    })

    test.each([
      ['no numbers', { numbers: [], key: SHARED }, 'invalid_request'],
      ['no selector', { numbers: {}, key: SHARED }, 'invalid_request'],
      ['nobody’s provider', { numbers: { provider: 'none' }, key: SHARED }, 'invalid_request'],
      [
        'a number that is not there',
        { numbers: [`num_${'0'.repeat(28)}`], key: SHARED },
        'not_found',
      ],
      [
        'two kinds of key',
        { numbers: { all: true }, key: { ...SHARED, keyId: 'key_' } },
        'invalid_request',
      ],
      [
        'a key that is not there',
        { numbers: { all: true }, key: { keyId: `key_${'0'.repeat(16)}` } },
        'not_found',
      ],
      [
        'an overlap that is too short',
        { numbers: { all: true }, key: SHARED, overlapSeconds: 299 },
        'invalid_request',
      ],
    ])('refuses %s', async (_, json, code) => {
      await makeFleet(api, 1)
      const sent = await call(api, 'POST', '/v1/rotations', { json })
      expect(sent.json).toMatchObject({ code })
    })
  })
}
