import * as z from 'zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventually } from '../harness/eventually.ts'
import { eventsOf, publishTo } from '../harness/key-calls.ts'
import { freshKey } from '../harness/keys.ts'
import {
  change,
  finished,
  keyOf,
  makeFleet,
  NO_COUNTS,
  numbersOf,
  PER_NUMBER,
  progress,
  progressTo,
  SHARED,
  start,
} from '../harness/rotation-calls.ts'
import { makeToken } from '../harness/tokens.ts'
import { KEY_PATHS } from './fault-cases.ts'

const WRITES = { upstream: 'graph', method: 'POST', path: KEY_PATHS.graph } as const
const MINUTE = 60_000
/** The next write is one too many; there is room again in ten minutes. */
const EXHAUSTED = {
  ...WRITES,
  times: 1,
  answer: {
    kind: 'respond',
    status: 400,
    headers: {
      'x-business-use-case-usage': JSON.stringify({
        1: [{ type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: 10 }],
      }),
    },
    json: { error: { message: 'Too many calls', type: 'OAuthException', code: 80007 } },
  },
} as const

/** What becomes of a rotation when somebody, or an upstream, comes in between. */
export function rotationChangesSuite(open: OpenApi): void {
  describe('changing a rotation', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    test('refuses a number that is in another running rotation, and names that', async () => {
      const { numberIds } = await makeFleet(api, 3)
      const { id } = await start(api, { numbers: numberIds.slice(0, 2), key: SHARED })
      const json = { numbers: numberIds.slice(1), key: SHARED }
      for (const dryRun of [true, false]) {
        const sent = await call(api, 'POST', '/v1/rotations', { json: { ...json, dryRun } })
        expect(sent.json).toMatchObject({ code: 'conflict' })
        expect(sent.text).toContain(`rotation \\"${id}\\"`)
      }
      const other = await start(api, { numbers: numberIds.slice(2), key: SHARED })
      expect(await finished(api, other.id)).toMatchObject({ status: 'succeeded' })
      await start(api, json)
    })

    test('lets a newer publish win, and brings nothing back over it', async () => {
      const { numberIds } = await makeFleet(api, 2)
      const [first = '', second = ''] = numberIds
      const newer = await freshKey()
      const { id } = await start(api, { numbers: numberIds, key: PER_NUMBER })
      await finished(api, id)
      await publishTo(api, first, newer)
      const back = await change(api, id, 'rollback')
      // The second number had no key before: there is nothing to bring back.
      expect(await finished(api, back.id)).toMatchObject({
        status: 'failed',
        counts: { total: 1, failed: 1 },
      })
      expect(await numbersOf(api, back.id)).toMatchObject([
        { numberId: second, status: 'failed', problem: { code: 'conflict' } },
      ])
      expect((await keyOf(api, first)).fingerprint).toBe(newer.fingerprint)
    })

    test('rolls back to what each number had, but for those that have moved on since', async () => {
      const { numberIds } = await makeFleet(api, 3)
      const [first = '', second = '', third = ''] = numberIds
      const before = await freshKey()
      for (const each of numberIds) await publishTo(api, each, before)
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      await finished(api, id)
      const rotated = await keyOf(api, first)
      expect(rotated.fingerprint).not.toBe(before.fingerprint)
      const newer = await freshKey()
      await publishTo(api, third, newer)
      const back = await change(api, id, 'rollback')
      expect(await finished(api, back.id)).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 2, verified: 2 },
      })
      for (const [of, replaced] of [
        [id, before],
        [back.id, rotated],
      ] as const) {
        const [told] = await numbersOf(api, of)
        expect(told).toMatchObject({ previousFingerprint: replaced.fingerprint })
      }
      expect((await keyOf(api, first)).fingerprint).toBe(before.fingerprint)
      expect((await keyOf(api, second)).fingerprint).toBe(before.fingerprint)
      expect((await keyOf(api, third)).fingerprint).toBe(newer.fingerprint)
      const forward = await change(api, back.id, 'rollback')
      expect(await finished(api, forward.id)).toMatchObject({ status: 'succeeded' })
      expect(await keyOf(api, first)).toEqual(rotated)
    })

    test('tells why numbers failed, and tries only them again', async () => {
      const { numberIds } = await makeFleet(api, 3)
      await api.sandbox.addFault({
        ...WRITES,
        times: 1,
        answer: { kind: 'vendor-error', code: 100 },
      })
      const { id } = await start(api, { numbers: numberIds, key: PER_NUMBER })
      expect(await finished(api, id)).toMatchObject({
        status: 'partially_failed',
        counts: { ...NO_COUNTS, total: 3, verified: 2, failed: 1 },
      })
      const [failed] = await numbersOf(api, id, '&status=failed')
      expect(failed?.problem).toMatchObject({ code: 'upstream_rejected' })
      expect(await change(api, id, 'retry')).toMatchObject({ id, status: 'running' })
      expect(await finished(api, id)).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 3, verified: 3 },
      })
      expect((await keyOf(api, failed?.numberId ?? '')).keyId).toBe(failed?.keyId)
      const { numbers } = await api.sandbox.state('graph')
      expect(numbers.map(({ writes }) => writes)).toEqual([1, 1, 1])
      const again = await call(api, 'POST', `/v1/rotations/${id}/retry`)
      expect(again.json).toMatchObject({ code: 'conflict' })
    })

    test('fails where all numbers do', async () => {
      const { numberIds } = await makeFleet(api, 2)
      await api.sandbox.addFault({
        ...WRITES,
        times: null,
        answer: { kind: 'vendor-error', code: 190 },
      })
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      expect(await finished(api, id)).toMatchObject({ status: 'failed', counts: { failed: 2 } })
    })

    test('begins with no further number once it is cancelled', async () => {
      // More than are begun at once: on Workers work begins before it can be cancelled.
      const { numberIds } = await makeFleet(api, 20)
      await api.sandbox.addFault({ upstream: 'graph', times: null, latencyMs: 200 })
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      expect(await change(api, id, 'cancel')).toMatchObject({ status: 'cancelled' })
      await api.sandbox.clearFaults()
      const settled = async (ms: number) => {
        await api.advance(ms)
        const { numbers } = await api.sandbox.state('graph')
        const untouched = numbers.filter(({ writes }) => writes === 0).length
        return { ...(await progress(api, id)), untouched }
      }
      const isSettled = ({ counts, untouched }: Awaited<ReturnType<typeof settled>>) =>
        counts.pending === untouched && counts.pending + counts.verified === counts.total
      await eventually(() => settled(0), isSettled)
      // What had begun has ended by now.
      const { status, counts } = await eventually(() => settled(MINUTE), isSettled)
      expect(status).toBe('cancelled')
      expect(counts.pending).toBeGreaterThan(0)
      expect(await settled(MINUTE)).toMatchObject({ counts, untouched: counts.pending })
      const retry = await call(api, 'POST', `/v1/rotations/${id}/retry`)
      expect(retry.json).toMatchObject({ code: 'conflict' })
      const next = await start(api, { numbers: numberIds, key: SHARED })
      expect(await finished(api, next.id)).toMatchObject({ status: 'succeeded' })
      const late = await call(api, 'POST', `/v1/rotations/${next.id}/cancel`)
      expect(late.json).toMatchObject({ code: 'conflict' })
    })

    test('leaves an upstream alone for as long as it says, and goes on then', async () => {
      const { numberIds } = await makeFleet(api, 3)
      await api.sandbox.addFault(EXHAUSTED)
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      const { counts } = await progressTo(api, id, ({ counts: { verified } }) => verified === 2)
      expect(counts).toMatchObject({ pending: 1, failed: 0 })
      await api.advance(5 * MINUTE)
      expect(await progress(api, id)).toMatchObject({ status: 'running', counts })
      await api.advance(6 * MINUTE)
      expect(await finished(api, id)).toMatchObject({
        status: 'succeeded',
        counts: { verified: 3 },
      })
    })

    test('leaves a number alone that somebody else publishes to meanwhile', async () => {
      const { numberIds } = await makeFleet(api, 1)
      const [first = ''] = numberIds
      await api.sandbox.addFault(EXHAUSTED)
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      await eventually(
        () => api.advance(0).then(() => eventsOf(api, first)),
        (events) => events.some(({ type }) => type === 'key.publish_failed'),
      )
      const newer = await freshKey()
      await publishTo(api, first, newer)
      await api.advance(11 * MINUTE)
      expect(await finished(api, id)).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 1, superseded: 1 },
      })
      expect((await keyOf(api, first)).fingerprint).toBe(newer.fingerprint)
    })

    test('waits for an upstream that shows a key late, and for five minutes at the most', async () => {
      const { numberIds } = await makeFleet(api, 1)
      await api.sandbox.setKnobs('graph', { readLagMs: 60 * MINUTE })
      const { id } = await start(api, { numbers: numberIds, key: SHARED })
      expect(await progressTo(api, id, ({ counts }) => counts.published === 1)).toMatchObject({
        status: 'running',
        counts: { ...NO_COUNTS, total: 1, published: 1 },
      })
      await api.advance(4 * MINUTE)
      expect(await progress(api, id)).toMatchObject({ status: 'running' })
      await api.advance(2 * MINUTE)
      // The publish machine sends the key once more at about that time, and is waited for.
      await eventually(
        () => api.advance(MINUTE).then(() => progress(api, id)),
        ({ status }) => status !== 'running',
      )
      expect(await numbersOf(api, id)).toMatchObject([
        { status: 'failed', problem: { code: 'upstream_timeout' } },
      ])
    })

    test('finds out what came of a publish whose answer was lost', async () => {
      const { numberIds } = await makeFleet(api, 1)
      await api.sandbox.addFault({ ...WRITES, apply: 'now', answer: { kind: 'reset' } })
      const { id } = await start(api, { numbers: numberIds, key: PER_NUMBER })
      await eventually(
        () => api.advance(0).then(() => eventsOf(api, numberIds[0] ?? '')),
        (events) => events.some(({ type }) => type === 'key.publish_unknown'),
      )
      await api.advance(MINUTE)
      await api.advance(MINUTE)
      expect(await finished(api, id)).toMatchObject({
        status: 'succeeded',
        counts: { ...NO_COUNTS, total: 1, verified: 1 },
      })
      const { numbers } = await api.sandbox.state('graph')
      expect(numbers.map(({ writes }) => writes)).toEqual([1])
    })

    test('shows a token that is limited to connections what lies within them', async () => {
      const { connectionId, numberIds } = await makeFleet(api, 1)
      const { numberId: other } = await makeNumber(api, 'onprem')
      const scopes = ['rotations:read', 'rotations:write'] as const
      const { token } = await makeToken(api, scopes, { connections: [connectionId] })
      const everywhere = { numbers: { all: true }, key: SHARED }
      const beyond = await call(api, 'POST', '/v1/rotations', { json: everywhere, token })
      expect(beyond.json).toMatchObject({ code: 'forbidden' })
      const foreign = await start(api, { numbers: [other], key: SHARED })
      const hidden = await call(api, 'GET', `/v1/rotations/${foreign.id}`, { token })
      expect(hidden.status).toBe(404)
      for (const doing of ['cancel', 'retry', 'rollback']) {
        const sent = await call(api, 'POST', `/v1/rotations/${foreign.id}/${doing}`, { token })
        expect(sent.status).toBe(404)
      }
      const own = await call(api, 'POST', '/v1/rotations', {
        json: { numbers: numberIds, key: SHARED },
        token,
      })
      expect(own.status, own.text).toBe(202)
      const listed = await call(api, 'GET', '/v1/rotations', { token })
      const { id: ownId } = z.object({ id: z.string() }).parse(own.json)
      expect(listed.json).toMatchObject({ data: [{ id: ownId }] })
    })
  })
}
