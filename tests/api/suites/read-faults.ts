import { FAULTS, MINUTE, SECOND } from '@latchkey/core'
import type { FaultAnswer } from '@latchkey/sandbox/control'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo, readFresh } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { FAULT_CASES, type FaultCase, KEY_PATHS } from './fault-cases.ts'

const READABLE = ['graph', 'onprem'] as const
/** As often as a read is sent in all. */
const ATTEMPTS = 3

/** Whatever an upstream answers to a read, Latchkey tells it, and never takes it for the key. */
export function readFaultsSuite(open: OpenApi): void {
  describe('a read that goes wrong', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open({ haste: 100 })
    })
    afterEach(() => api.close())

    const strike = (
      provider: (typeof READABLE)[number],
      answer: FaultAnswer,
      times: number | null,
    ) =>
      api.sandbox.addFault({
        upstream: provider,
        method: 'GET',
        path: KEY_PATHS[provider],
        times,
        answer,
      })

    for (const provider of READABLE) {
      const valid = () => ({ fingerprint: key.fingerprint, signatureStatus: 'valid' })

      for (const row of FAULT_CASES[provider]) {
        test(`${provider} answers ${row.name}: ${row.code}`, async () => {
          const { numberId } = await makeNumber(api, provider)
          const number = UPSTREAM_NUMBERS[provider]
          await api.sandbox.setNumber(provider, number, { key: { pem: key.pem, status: 'VALID' } })
          await strike(provider, row.answer, null)
          const got = await readFresh(api, numberId)
          expect(got.status, got.text).toBe(FAULTS[row.code].status)
          expect(got.json).toMatchObject({
            code: row.code,
            retryable: row.retryable,
            upstream: { provider, ...row.upstream },
          })
          expect(got.headers.get('retry-after')).toBe(row.retryAfter?.toString() ?? null)
          const asked = await api.sandbox.requests({ method: 'GET', path: KEY_PATHS[provider] })
          expect(asked.requests).toHaveLength(attemptsAt(provider, row))
          expect((await eventsOf(api, numberId)).map((each) => each.type)).toEqual([
            'number.created',
          ])

          await api.sandbox.clearFaults()
          const again = await readFresh(api, numberId)
          expect(again.json, again.text).toMatchObject(valid())
        })
      }

      test(`${provider} recovers while a read is tried again: nobody hears of it`, async () => {
        const { numberId } = await makeNumber(api, provider)
        await strike(provider, { kind: 'respond', status: 503 }, ATTEMPTS - 1)
        const got = await readFresh(api, numberId)
        expect(got.status, got.text).toBe(200)
        expect(got.json).toMatchObject({ signatureStatus: 'unset', source: 'upstream' })
      })

      test(`${provider} is down: a key read a moment ago is still told, as of then`, async () => {
        const { numberId } = await makeNumber(api, provider)
        await publishTo(api, numberId, key)
        await strike(provider, { kind: 'reset' }, null)
        const path = `/v1/numbers/${numberId}/encryption-key`
        expect((await call(api, 'GET', path)).json).toMatchObject({ ...valid(), source: 'cache' })
        expect((await readFresh(api, numberId)).status).toBe(503)
        await api.advance(16 * MINUTE)
        const late = await call(api, 'GET', path)
        expect(late.json, late.text).toMatchObject({ code: 'upstream_unavailable' })
      })

      for (const [what, answer] of [
        ['fails', { kind: 'respond', status: 500 }],
        ['is reset', { kind: 'reset' }],
        ['is refused', { kind: 'respond', status: 403 }],
      ] as const) {
        test(`${provider} takes a key, and the read back ${what}: told as pending, proved later`, async () => {
          const { numberId } = await makeNumber(api, provider)
          await strike(provider, answer, null)
          const put = await publishTo(api, numberId, key)
          expect(put.status, put.text).toBe(200)
          expect(put.json).toMatchObject({
            fingerprint: key.fingerprint,
            signatureStatus: 'unknown',
            inSync: false,
            observedAt: null,
            source: 'published',
            warnings: [{ code: 'verification_pending' }],
          })
          await api.advance(30 * SECOND)
          await api.sandbox.clearFaults()
          await api.advance(5 * MINUTE)
          const got = await call(api, 'GET', `/v1/numbers/${numberId}/encryption-key`)
          expect(got.json, got.text).toMatchObject({ ...valid(), inSync: true, source: 'cache' })
          const { numbers } = await api.sandbox.state(provider)
          expect(numbers.reduce((sum, each) => sum + each.writes, 0)).toBe(1)
        })
      }
    }
  })
}

/** Only what may be over in a moment is tried again; a session that seems to have ended is renewed once. */
function attemptsAt(provider: string, { code, retryable, retryAfter, answer }: FaultCase): number {
  if (provider === 'onprem' && answer.kind === 'respond' && answer.status === 401) return 2
  const throttled = code === 'upstream_rate_limited' || retryAfter !== undefined
  return retryable && !throttled ? ATTEMPTS : 1
}
