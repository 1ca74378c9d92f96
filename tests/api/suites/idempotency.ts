import { systemClock } from '@latchkey/platform'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, type CallOptions, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'
import { KEY_PATHS } from './fault-cases.ts'

const DAY = 86_400_000
/** Longer than a request may run, and than a write to an upstream may. */
const LEASE_END_MS = 181_000
const LATENCY_MS = 600
/** Time enough for a repeat to come, be refused, and take over. */
const LONG_LATENCY_MS = 2000
const POLL_MS = 20

const labelled = z.object({ label: z.string().nullable() })

/** What an Idempotency-Key is, and what becomes of it. */
export function idempotencySuite(open: OpenApi): void {
  describe('an Idempotency-Key', () => {
    let api: ApiHarness
    let keys: readonly [TestKey, TestKey]
    let numberId: string
    let connectionId: string
    let numberPath: string
    let keyPath: string

    beforeAll(async () => {
      keys = await Promise.all([freshKey(), freshKey()])
    })
    beforeEach(async () => {
      api = await open()
      const made = await makeNumber(api, 'graph')
      ;({ numberId, connectionId } = made)
      numberPath = `/v1/numbers/${numberId}`
      keyPath = `${numberPath}/encryption-key`
    })
    afterEach(() => api.close())

    const send = (method: string, path: string, options: CallOptions, key = 'key') =>
      call(api, method, path, {
        ...options,
        headers: { 'idempotency-key': key, ...options.headers },
      })
    const relabel = (label: string, key?: string) =>
      send('PATCH', numberPath, { json: { label } }, key)
    const publish = ({ pem }: TestKey, options: CallOptions = {}) =>
      send('PUT', keyPath, { json: { publicKey: pem }, ...options })
    const label = async () => labelled.parse((await call(api, 'GET', numberPath)).json).label
    const writes = async () => {
      const { numbers } = await api.sandbox.state('graph')
      return numbers.map((number) => number.writes).reduce((sum, each) => sum + each, 0)
    }

    test('with another body is a mismatch, and nothing is done', async () => {
      expect((await relabel('one')).status).toBe(200)
      const other = await relabel('two')
      expect(other.status).toBe(422)
      expect(other.json).toMatchObject({ code: 'idempotency_mismatch', retryable: false })
      expect(await label()).toBe('one')
    })

    test('with another query, type or condition is a mismatch', async () => {
      expect((await publish(keys[0])).status).toBe(200)
      const json = JSON.stringify({ publicKey: keys[0].pem })
      const others = [
        await send('PUT', `${keyPath}?verify=false`, { json: { publicKey: keys[0].pem } }),
        await send('PUT', keyPath, { body: json, type: 'application/json; charset=utf-8' }),
        await publish(keys[0], { headers: { 'if-match': keys[0].fingerprint } }),
        await publish(keys[0], { headers: { 'if-none-match': '*' } }),
      ]
      for (const other of others) {
        expect(other.json, other.text).toMatchObject({ code: 'idempotency_mismatch' })
      }
      expect(await writes()).toBe(1)
    })

    test('belongs to one token, path and method', async () => {
      expect((await relabel('one')).status).toBe(200)
      const { token } = await makeToken(api, ['numbers:write'])
      const theirs = await send('PATCH', numberPath, { token, json: { label: 'two' } })
      expect(theirs.headers.has('idempotency-replayed')).toBe(false)
      expect(await label()).toBe('two')
      expect((await publish(keys[0])).headers.has('idempotency-replayed')).toBe(false)
      expect((await send('DELETE', numberPath, {})).status).toBe(204)
      const others = await makeNumber(api, 'kaleyra')
      const path = `/v1/numbers/${others.numberId}`
      const elsewhere = await send('PATCH', path, { json: { label: 'one' } })
      expect(elsewhere.headers.has('idempotency-replayed')).toBe(false)
    })

    test('is kept for 24 hours, whatever has become of the thing since', async () => {
      await relabel('one')
      await relabel('two', 'another')
      await api.advance(DAY - 60_000)
      expect((await relabel('one')).headers.get('idempotency-replayed')).toBe('true')
      expect(await label()).toBe('two')
      await api.advance(60_000)
      const anew = await relabel('one')
      expect([anew.status, anew.headers.has('idempotency-replayed')]).toEqual([200, false])
      expect(await label()).toBe('one')
    })

    test('of which the first request is in flight is a conflict, to be repeated', async () => {
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'POST',
        path: KEY_PATHS.graph,
        latencyMs: LATENCY_MS,
      })
      const both = await Promise.all([publish(keys[0]), publish(keys[0])])
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
      const early = both.find(({ status }) => status === 409)
      expect(early?.json).toMatchObject({ code: 'conflict', retryable: true })
      expect(Number(early?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await publish(keys[0])).headers.get('idempotency-replayed')).toBe('true')
      expect(await writes()).toBe(1)
    })

    test('is free again after a failure, for whatever comes next', async () => {
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'POST',
        path: KEY_PATHS.graph,
        answer: { kind: 'vendor-error', code: 100 },
      })
      expect((await publish(keys[0])).status).toBe(502)
      const next = await publish(keys[1])
      expect([next.status, next.headers.has('idempotency-replayed')]).toEqual([200, false])
      const again = connectionTo(api, 'graph')
      const inUse = await send('DELETE', `/v1/connections/${connectionId}`, {})
      expect(inUse.status).toBe(409)
      expect((await call(api, 'DELETE', numberPath)).status).toBe(204)
      expect((await send('DELETE', `/v1/connections/${connectionId}`, {})).status).toBe(204)
      expect((await send('POST', '/v1/connections', { json: {} })).status).toBe(400)
      expect((await send('POST', '/v1/connections', { json: again })).status).toBe(201)
    })

    // The process dies after the upstream took the key, before anybody was told.
    test('whose holder died is claimed anew, and the late one changes nothing', async () => {
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'POST',
        path: KEY_PATHS.graph,
        apply: 'now',
        answerLatencyMs: LONG_LATENCY_MS,
      })
      const late = publish(keys[0])
      while ((await writes()) === 0) await systemClock.sleep(POLL_MS)
      const there = await api.elsewhere()
      const repeat = () =>
        call(there, 'PUT', keyPath, {
          json: { publicKey: keys[0].pem },
          headers: { 'idempotency-key': 'key' },
        })
      expect((await repeat()).json).toMatchObject({ code: 'conflict', retryable: true })
      await api.advance(LEASE_END_MS)
      const anew = await repeat()
      expect(anew.status, anew.text).toBe(200)
      expect(anew.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
      expect((await late).json).toMatchObject({ code: 'conflict' })
      const replayed = await repeat()
      expect(replayed.headers.get('idempotency-replayed')).toBe('true')
      expect(replayed.text).toBe(anew.text)
    })

    test.each([
      ['empty', ''],
      ['with a blank inside', 'two words'],
      ['with a control character', 'a\tb'],
      ['with a delete character', 'a\u007f'],
      ['longer than 255 characters', 'k'.repeat(256)],
    ])('that is %s is refused, and nothing is done', async (_, key) => {
      const sent = await relabel('one', key)
      expect(sent.json).toMatchObject({ code: 'invalid_request' })
      expect(sent.text).toContain('Idempotency-Key')
      expect(await label()).toBeNull()
    })

    test.each(['k', 'k'.repeat(255), '"quoted"', '5f0c8e6e-0d0b-4f7c-9d0f-0f3c1f6d3a1e', '../..'])(
      '%s is one',
      async (key) => {
        expect((await relabel('one', key)).status).toBe(200)
        expect((await relabel('one', key)).headers.get('idempotency-replayed')).toBe('true')
      },
    )

    test('is nothing to a read', async () => {
      for (const path of [numberPath, '/v1/numbers']) {
        await send('GET', path, {})
        await relabel('changed', 'another')
        const again = await send('GET', path, {})
        expect(again.text).toContain('changed')
        expect(again.headers.has('idempotency-replayed')).toBe(false)
      }
    })

    // Two requests at once, as an impatient client sends them.
    test('makes one thing of many requests at once', async () => {
      const json = connectionTo(api, 'kaleyra')
      const sent = await Promise.all(
        Array.from({ length: 5 }, () => send('POST', '/v1/connections', { json })),
      )
      expect(sent.filter(({ status }) => status !== 201 && status !== 409)).toEqual([])
      const made = new Set(sent.filter(({ status }) => status === 201).map(({ text }) => text))
      expect(made.size).toBe(1)
      const list = await call(api, 'GET', '/v1/connections?provider=kaleyra')
      expect(z.object({ data: z.array(z.unknown()) }).parse(list.json).data).toHaveLength(1)
      expect(await make(api, '/v1/connections', json)).not.toBe('')
    })
  })
}
