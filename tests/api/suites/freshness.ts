import { MINUTE, SECOND } from '@latchkey/core'
import { FOREIGN_PUBLIC_KEY } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { FINGERPRINT, SPKI } from '../harness/key-fixtures.ts'

const LAG_MS = 20 * SECOND

/** What is remembered of a key grows old, and what the upstream says is told as it is. */
export function freshnessSuite(open: OpenApi): void {
  describe("what is known of a number's key", () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open({ haste: 10 })
    })
    afterEach(() => api.close())

    const readsOf = async (provider: 'graph' | 'onprem') => {
      const { requests } = await api.sandbox.requests({ upstream: provider, method: 'GET' })
      return requests.length
    }
    const eventTypes = async (subject: string) =>
      (await eventsOf(api, subject)).map(({ type }) => type)

    for (const provider of ['graph', 'onprem'] as const) {
      test(`is remembered for a minute, refreshed behind the answer, then asked again (${provider})`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        await call(api, 'PUT', path, { json: { publicKey: SPKI } })
        const key = { pem: FOREIGN_PUBLIC_KEY, status: 'VALID' } as const
        await api.sandbox.setNumber(provider, UPSTREAM_NUMBERS[provider], { key })
        await api.sandbox.clearRequests()

        const young = await call(api, 'GET', path)
        expect(young.json).toMatchObject({ source: 'cache', inSync: true })
        expect(await readsOf(provider)).toBe(0)

        await api.advance(5 * MINUTE)
        const stale = await call(api, 'GET', path)
        expect(stale.json).toMatchObject({ source: 'cache', fingerprint: FINGERPRINT })
        const refreshed = await eventually(
          () => call(api, 'GET', path),
          ({ text }) => !text.includes(FINGERPRINT),
        )
        expect(refreshed.json).toMatchObject({
          source: 'cache',
          publicKey: FOREIGN_PUBLIC_KEY,
          inSync: false,
        })

        await api.sandbox.setNumber(provider, UPSTREAM_NUMBERS[provider], { key: null })
        await api.advance(20 * MINUTE)
        const old = await call(api, 'GET', path)
        expect(old.json).toMatchObject({
          source: 'upstream',
          signatureStatus: 'unset',
          publicKey: null,
          fingerprint: null,
          inSync: false,
        })
      })

      test(`turns to mismatch when the number is registered again, and the log says so (${provider})`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        const put = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
        await api.sandbox.reregister(provider, UPSTREAM_NUMBERS[provider])
        const sent = await call(api, 'GET', `${path}?fresh=true`)
        expect(sent.json).toMatchObject({
          signatureStatus: 'mismatch',
          fingerprint: FINGERPRINT,
          inSync: false,
        })
        // The same key in another state is another representation.
        expect(sent.headers.get('etag')).not.toBe(put.headers.get('etag'))
        const number = await call(api, 'GET', `/v1/numbers/${numberId}`)
        expect(number.json).toMatchObject({ signatureStatus: 'mismatch', inSync: false })
        const types = await eventTypes(numberId)
        expect(types.filter((type) => type === 'key.mismatch')).toHaveLength(1)

        await call(api, 'GET', `${path}?fresh=true`)
        expect(await eventTypes(numberId)).toEqual(types)
        const mended = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
        expect(mended.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
      })

      test(`is unknown while the upstream still shows what was there before (${provider})`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        await api.sandbox.setKnobs(provider, { readLagMs: LAG_MS })
        const put = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
        expect([put.status, put.json]).toMatchObject([
          200,
          {
            fingerprint: FINGERPRINT,
            signatureStatus: 'unknown',
            inSync: false,
            source: 'published',
            warnings: [{ code: 'verification_pending' }],
          },
        ])
        await api.sandbox.advanceClock(LAG_MS)
        await api.advance(31 * SECOND)
        const number = await call(api, 'GET', `/v1/numbers/${numberId}`)
        expect(number.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
        const got = await call(api, 'GET', path)
        expect(got.json).toMatchObject({ fingerprint: FINGERPRINT, source: 'cache', warnings: [] })
        const { numbers } = await api.sandbox.state(provider)
        expect(numbers.find(({ id }) => id === UPSTREAM_NUMBERS[provider])?.writes).toBe(1)
      })

      test(`is unknown while the upstream takes a key and cannot be read (${provider})`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        const { id } = await api.sandbox.addFault({
          upstream: provider,
          method: 'GET',
          times: null,
          answer: { kind: 'html', status: 502 },
        })
        const put = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
        expect([put.status, put.json]).toMatchObject([
          200,
          { signatureStatus: 'unknown', warnings: [{ code: 'verification_pending' }] },
        ])
        await api.advance(31 * SECOND)
        const still = await call(api, 'GET', `/v1/numbers/${numberId}`)
        expect(still.json).toMatchObject({ signatureStatus: 'unknown', inSync: false })
        await api.sandbox.removeFault(id)
        await api.advance(6 * MINUTE)
        const known = await call(api, 'GET', `/v1/numbers/${numberId}`)
        expect(known.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
      })
    }

    test('says of a valid key that is not shown that nobody can tell whose it is', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const path = `/v1/numbers/${numberId}/encryption-key`
      await api.sandbox.setKnobs('graph', { validKey: 'hidden' })
      await call(api, 'PUT', path, { json: { publicKey: SPKI } })
      const sent = await call(api, 'GET', `${path}?fresh=true`)
      expect(sent.json).toMatchObject({ signatureStatus: 'valid', publicKey: null, inSync: null })
    })
  })
}
