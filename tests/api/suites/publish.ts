import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'

/** The main job: publish a key, and read it back. */
export function publishSuite(open: OpenApi): void {
  describe('publishing a key', () => {
    let api: ApiHarness
    let key: TestKey

    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    for (const provider of ['graph', 'onprem'] as const) {
      test(`PUT publishes to ${provider}, reads back and proves it valid`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        const put = await call(api, 'PUT', path, { json: { publicKey: key.pem } })
        expect(put.status, put.text).toBe(200)
        expect(put.json).toMatchObject({
          numberId,
          provider,
          publicKey: key.pem,
          fingerprint: key.fingerprint,
          signatureStatus: 'valid',
          keyId: null,
          inSync: true,
          source: 'upstream',
          warnings: [],
        })
        const got = await call(api, 'GET', path)
        expect(got.json).toMatchObject({ fingerprint: key.fingerprint, source: 'cache' })
        const fresh = await call(api, 'GET', `${path}?fresh=true`)
        expect(fresh.json).toMatchObject({ fingerprint: key.fingerprint, source: 'upstream' })
        const { numbers } = await api.sandbox.state(provider)
        expect(numbers.filter((each) => each.writes > 0)).toHaveLength(1)
      })
    }

    test('PUT publishes to kaleyra, which has no safe read, and never sends an empty POST', async () => {
      const { numberId } = await makeNumber(api, 'kaleyra')
      const path = `/v1/numbers/${numberId}/encryption-key`
      const put = await call(api, 'PUT', path, { json: { publicKey: key.pem } })
      expect(put.status, put.text).toBe(200)
      const expected = {
        publicKey: key.pem,
        fingerprint: key.fingerprint,
        signatureStatus: 'unknown',
        inSync: null,
        observedAt: null,
        source: 'published',
      }
      expect(put.json).toMatchObject(expected)
      const got = await call(api, 'GET', `${path}?fresh=true`)
      expect(got.json).toMatchObject(expected)
      expect(await api.sandbox.incidents()).toEqual([])
      const log = await api.sandbox.requests({ upstream: 'kaleyra' })
      expect(log.requests).toHaveLength(1)
    })
  })
}
