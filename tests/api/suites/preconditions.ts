import { FOREIGN_PUBLIC_KEY } from '@latchkey/sandbox'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber, type Sent, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { FINGERPRINT, SPKI } from '../harness/key-fixtures.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { expectProblem } from '../harness/problem.ts'

/** A publish goes ahead only over what its caller has seen (RFC 9110 §13.1), which is asked of the upstream itself. */
export function preconditionsSuite(open: OpenApi): void {
  describe('a publish under a condition', () => {
    let api: ApiHarness
    let other: TestKey
    beforeAll(async () => {
      other = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const put = (path: string, publicKey: string, headers: Record<string, string>): Promise<Sent> =>
      call(api, 'PUT', path, { json: { publicKey }, headers })

    async function published(provider: 'graph' | 'onprem' | 'kaleyra'): Promise<string> {
      const { numberId } = await makeNumber(api, provider)
      const path = `/v1/numbers/${numberId}/encryption-key`
      const sent = await put(path, SPKI, {})
      expect(sent.status, sent.text).toBe(200)
      return path
    }

    const writesTo = async (provider: 'graph' | 'onprem' | 'kaleyra') => {
      const { numbers } = await api.sandbox.state(provider)
      return numbers.find(({ id }) => id === UPSTREAM_NUMBERS[provider])?.writes
    }

    for (const provider of ['graph', 'onprem', 'kaleyra'] as const) {
      test(`goes ahead on ${provider} over any tag or spelling of the key that is there`, async () => {
        const path = await published(provider)
        const tags = await Promise.all(
          ['application/json', 'application/x-pem-file', 'application/jwk+json'].map(
            async (accept) =>
              (await call(api, 'GET', path, { headers: { accept } })).headers.get('etag') ?? '',
          ),
        )
        const spellings = [...tags, FINGERPRINT, `"${FINGERPRINT}"`, `"x", ${tags[0]}`, '*']
        let [now, next] = [SPKI, other.pem]
        for (const match of spellings) {
          const current = match.replaceAll(
            FINGERPRINT,
            now === SPKI ? FINGERPRINT : other.fingerprint,
          )
          const sent = await put(path, next, { 'if-match': current })
          expect([current, sent.status]).toEqual([current, 200])
          ;[now, next] = [next, now]
        }
      })

      test(`is refused on ${provider} over another key, and nothing is written`, async () => {
        const path = await published(provider)
        for (const match of [
          other.fingerprint,
          `"${other.fingerprint}.valid.json"`,
          `W/"${FINGERPRINT}.valid.json"`,
          FINGERPRINT.toUpperCase(),
          FINGERPRINT.slice(0, -1),
          '"anything"',
          '',
        ]) {
          const sent = await put(path, other.pem, { 'if-match': match })
          expect([match, sent.status]).toEqual([match, 412])
          await expectProblem(api, sent, 'precondition_failed')
        }
        expect(await writesTo(provider)).toBe(1)
      })
    }

    // Somebody else has published a key that Latchkey has not seen yet: what it remembers must not count.
    test('is refused over a foreign key set behind our back, which a fresh read finds', async () => {
      for (const provider of ['graph', 'onprem'] as const) {
        const path = await published(provider)
        const key = { pem: FOREIGN_PUBLIC_KEY, status: 'VALID' } as const
        await api.sandbox.setNumber(provider, UPSTREAM_NUMBERS[provider], { key })
        const cached = await call(api, 'GET', path)
        expect(cached.json).toMatchObject({ fingerprint: FINGERPRINT, source: 'cache' })
        const sent = await put(path, other.pem, { 'if-match': cached.headers.get('etag') ?? '' })
        const problem = await expectProblem(api, sent, 'precondition_failed')
        expect(problem.detail).not.toContain(FINGERPRINT)
        expect(await writesTo(provider)).toBe(1)
        const seen = await call(api, 'GET', path)
        expect(seen.json).toMatchObject({ inSync: false, publicKey: FOREIGN_PUBLIC_KEY })
        const over = await put(path, other.pem, { 'if-match': seen.headers.get('etag') ?? '' })
        expect(over.json).toMatchObject({ fingerprint: other.fingerprint, inSync: true })
      }
    })

    test('publishes only where nothing is set: If-None-Match: *', async () => {
      for (const provider of ['graph', 'onprem'] as const) {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}/encryption-key`
        const over = await put(path, SPKI, { 'if-match': '*' })
        await expectProblem(api, over, 'precondition_failed')
        const first = await put(path, SPKI, { 'if-none-match': '*' })
        expect(first.json).toMatchObject({ fingerprint: FINGERPRINT, signatureStatus: 'valid' })
        const second = await put(path, other.pem, { 'if-none-match': '*' })
        await expectProblem(api, second, 'precondition_failed')
        await api.sandbox.setNumber(provider, UPSTREAM_NUMBERS[provider], { key: null })
        const third = await put(path, other.pem, { 'if-none-match': '*' })
        expect(third.json).toMatchObject({ fingerprint: other.fingerprint })
      }
    })

    test('cannot be promised on kaleyra, where nobody can tell whether a key is set', async () => {
      const { numberId } = await makeNumber(api, 'kaleyra')
      const path = `/v1/numbers/${numberId}/encryption-key`
      await expectProblem(
        api,
        await put(path, SPKI, { 'if-none-match': '*' }),
        'precondition_failed',
      )
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    test('is not weighed where the upstream cannot be asked, and nothing is written', async () => {
      const path = await published('graph')
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'GET',
        times: null,
        answer: { kind: 'vendor-error', code: 190 },
      })
      const sent = await put(path, other.pem, { 'if-match': FINGERPRINT })
      await expectProblem(api, sent, 'upstream_unauthorized')
      expect(await writesTo('graph')).toBe(1)
    })
  })
}
