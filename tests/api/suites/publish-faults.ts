import { FAULTS, HOUR, MINUTE, SECOND } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo, readFresh } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import {
  FAULT_CASES,
  type FaultCase,
  KEY_PATHS,
  type ProviderId,
  PROVIDERS,
} from './fault-cases.ts'

/** Whatever an upstream answers to a publish, Latchkey tells what is known, and finds out what is not. */
export function publishFaultsSuite(open: OpenApi): void {
  describe('a publish that goes wrong', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    /** What the upstream itself holds. */
    const held = async (provider: ProviderId) => {
      const { numbers } = await api.sandbox.state(provider)
      const number = numbers.find((each) => each.id === UPSTREAM_NUMBERS[provider])
      return { pem: number?.key?.pem.trim() ?? null, writes: number?.writes ?? 0 }
    }
    const strike = async (provider: ProviderId, { answer, dashless }: FaultCase) => {
      if (dashless === true) await api.sandbox.setKnobs('kaleyra', { codes: 'dashless' })
      await api.sandbox.addFault({
        upstream: provider,
        method: 'POST',
        path: KEY_PATHS[provider],
        times: null,
        answer,
      })
    }

    for (const provider of PROVIDERS) {
      const readable = provider !== 'kaleyra'
      for (const row of FAULT_CASES[provider]) {
        const { code, retryable, retryAfter, upstream } = row
        const ending = { refused: 'stays as it was', lost: 'is sent again', landed: 'is found' }
        test(`${provider} answers ${row.name}: ${code}, and the key ${ending[row.publish]}`, async () => {
          const { numberId } = await makeNumber(api, provider)
          await strike(provider, row)
          const put = await publishTo(api, numberId, key)
          await api.sandbox.clearFaults()

          expect(put.status, put.text).toBe(FAULTS[code].status)
          expect(put.json).toMatchObject({ code, retryable, upstream: { provider, ...upstream } })
          expect(put.headers.get('retry-after')).toBe(retryAfter?.toString() ?? null)

          const known = row.publish === 'refused'
          const log = await eventsOf(api, numberId)
          expect(log.map((each) => each.type)).toEqual([
            'number.created',
            'key.publish_requested',
            known ? 'key.publish_failed' : 'key.publish_unknown',
          ])
          expect(log.at(-1)?.data).toMatchObject({ fingerprint: key.fingerprint, code, upstream })

          const arrived = row.publish === 'landed'
          expect((await held(provider)).pem).toBe(arrived ? key.pem.trim() : null)
          const seen = readable ? arrived : !known
          const now = await readFresh(api, numberId)
          expect(now.json, now.text).toMatchObject({
            fingerprint: seen ? key.fingerprint : null,
            signatureStatus: readable ? (arrived ? 'valid' : 'unset') : 'unknown',
            inSync: readable ? arrived : null,
            publishedAt: null,
            warnings: known || (readable && arrived) ? [] : [{ code: 'verification_pending' }],
          })

          await api.advance(30 * SECOND)
          await api.advance(5 * MINUTE)
          const { pem, writes } = await held(provider)
          if (known) {
            expect({ pem, writes }).toEqual({ pem: null, writes: 0 })
            return
          }
          expect(pem).toBe(key.pem.trim())
          const settled = await readFresh(api, numberId)
          expect(settled.json, settled.text).toMatchObject({
            fingerprint: key.fingerprint,
            signatureStatus: readable ? 'valid' : 'unknown',
            inSync: readable ? true : null,
            warnings: [],
          })
          expect(settled.json).not.toMatchObject({ publishedAt: null })
          const types = (await eventsOf(api, numberId)).filter(
            (each) => each.type === 'key.published',
          )
          // What cannot be read is sent again until a write came after all that may yet have landed.
          expect(writes).toBe(readable ? 1 : arrived ? 3 : 2)
          expect(types.map((each) => each.data['late'] === true)).toEqual(
            readable ? [arrived] : [false, false],
          )

          await api.sandbox.clearRequests()
          await api.advance(HOUR)
          expect((await api.sandbox.requests({ method: 'POST' })).requests).toEqual([])
        })
      }

      test(`${provider} answers in a wrong content type: what it says counts`, async () => {
        const { numberId } = await makeNumber(api, provider)
        await api.sandbox.addFault({
          upstream: provider,
          path: KEY_PATHS[provider],
          times: null,
          answer: { kind: 'content-type', value: 'text/html; charset=utf-8' },
        })
        const put = await publishTo(api, numberId, key)
        expect(put.status, put.text).toBe(200)
        expect(put.json).toMatchObject({ fingerprint: key.fingerprint, warnings: [] })
      })
    }
  })
}
