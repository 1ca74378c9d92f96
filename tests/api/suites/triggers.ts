import { DAY, SECOND } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo } from '../harness/key-calls.ts'
import { FINGERPRINT, SPKI } from '../harness/key-fixtures.ts'
import { freshKey } from '../harness/keys.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'
import { keyOf } from '../harness/rotation-calls.ts'
import {
  finishedBy,
  fire,
  makeTrigger,
  type MadeTrigger,
  type Message,
  runOf,
} from '../harness/triggers.ts'

const secretOf = z.object({ secret: z.string() })

/** Whoever has a trigger's secret can do what it does, and nothing else. */
export function triggersSuite(open: OpenApi): void {
  describe('a trigger', () => {
    let api: ApiHarness
    let numberId: string
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      ;({ numberId, connectionId } = await makeNumber(api, 'graph'))
      await api.sandbox.clearRequests()
    })
    afterEach(() => api.close())

    const writes = async () =>
      (await api.sandbox.requests({ upstream: 'graph', method: 'POST' })).requests.length
    const keyPath = () => `/v1/numbers/${numberId}/encryption-key`
    const publishing = () => makeTrigger(api, { action: 'publish', target: { numberId } })

    describe('publish', () => {
      test('publishes the key of its message, later and as itself', async () => {
        const trigger = await publishing()
        const sent = await fire(api, trigger, { publicKey: SPKI, type: 'key.made' })
        expect([sent.status, sent.json]).toEqual([
          202,
          { id: runOf(sent), triggerId: trigger.id, repeated: false },
        ])
        await finishedBy(api, sent)
        const key = await call(api, 'GET', keyPath())
        expect(key.json).toMatchObject({ fingerprint: FINGERPRINT, inSync: true })
        const actor = { kind: 'trigger', id: trigger.id }
        expect(await eventsOf(api, numberId)).toContainEqual(
          expect.objectContaining({ type: 'key.publish_requested', actor }),
        )
        expect(await eventsOf(api, runOf(sent))).toMatchObject([
          { type: 'trigger.fired', actor, data: { triggerId: trigger.id, action: 'publish' } },
          { type: 'trigger.finished', actor, data: { status: 'succeeded', done: 1, failed: 0 } },
        ])
      })

      test('publishes to every number of a connection', async () => {
        const second = { connectionId, upstreamId: '300000000000002' }
        await call(api, 'POST', '/v1/numbers', { json: second })
        const trigger = await makeTrigger(api, { action: 'publish', target: { connectionId } })
        await finishedBy(api, await fire(api, trigger, { publicKey: SPKI }))
        expect(await writes()).toBe(2)
      })

      // A run is tried again for as long as the upstream cannot take it: by then its key may be an old one.
      test('gives way to a key that somebody publishes while it waits for its upstream', async () => {
        const trigger = await publishing()
        await api.sandbox.addFault({
          upstream: 'graph',
          method: 'POST',
          times: 1,
          answer: { kind: 'vendor-error', code: 80007 },
        })
        const sent = await fire(api, trigger, { publicKey: SPKI })
        await eventually(
          () => api.advance(0).then(() => eventsOf(api, numberId)),
          (events) => events.some(({ type }) => type === 'key.publish_failed'),
        )
        const newer = await freshKey()
        await publishTo(api, numberId, newer)
        expect(await finishedBy(api, sent)).toMatchObject({
          data: { status: 'failed', done: 0, failed: 1, problem: { code: 'conflict' } },
        })
        expect((await keyOf(api, numberId)).fingerprint).toBe(newer.fingerprint)
      })

      test.each([
        ['no key', {}, 'invalid_request'],
        ['no JSON', undefined, 'invalid_request'],
        ['a key that is none', { publicKey: 'x' }, 'key_invalid'],
      ] as const)('refuses a message with %s', async (_, json, code) => {
        const trigger = await publishing()
        await expectProblem(api, await fire(api, trigger, json ?? 'x'), code)
        await api.advance(0)
        await expectNothingSent(api)
      })
    })

    test('republish writes the present key again, though it is there', async () => {
      await call(api, 'PUT', keyPath(), { json: { publicKey: SPKI } })
      await api.sandbox.clearRequests()
      const trigger = await makeTrigger(api, { action: 'republish', target: { numberId } })
      await finishedBy(api, await fire(api, trigger))
      expect(await writes()).toBe(1)
      const { json } = await call(api, 'GET', keyPath())
      expect(json).toMatchObject({ fingerprint: FINGERPRINT, inSync: true })
    })

    test('republish tells of a number that has no key', async () => {
      const trigger = await makeTrigger(api, { action: 'republish', target: { numberId } })
      const finished = await finishedBy(api, await fire(api, trigger))
      const problem = { code: 'conflict' }
      expect(finished).toMatchObject({ data: { status: 'failed', done: 0, failed: 1, problem } })
    })

    test('refresh reads, and repairs nothing', async () => {
      await call(api, 'PUT', keyPath(), { json: { publicKey: SPKI } })
      await api.sandbox.setNumber('graph', UPSTREAM_NUMBERS.graph, { key: null })
      await api.sandbox.clearRequests()
      for (const target of [{ numberId }, { connectionId }, { provider: 'graph' }, { all: true }]) {
        const trigger = await makeTrigger(api, { action: 'refresh', target })
        await finishedBy(api, await fire(api, trigger))
      }
      const { requests } = await api.sandbox.requests({ upstream: 'graph' })
      expect(requests.map(({ method }) => method)).toEqual(Array(4).fill('GET'))
      expect((await call(api, 'GET', keyPath())).json).toMatchObject({ signatureStatus: 'unset' })
    })

    test('rotate starts one rotation of its numbers, however often its message comes', async () => {
      const trigger = await makeTrigger(api, { action: 'rotate', target: { numberId } })
      for (let count = 0; count < 3; count += 1) {
        const sent = await fire(api, trigger)
        expect(sent.status).toBe(202)
        await finishedBy(api, sent)
      }
      const rotations = await eventually(
        async () => {
          await api.advance(SECOND)
          return (await call(api, 'GET', '/v1/rotations')).json
        },
        (json) => JSON.stringify(json).includes('succeeded'),
      )
      expect(rotations).toMatchObject({ data: [{ counts: { total: 1 }, status: 'succeeded' }] })
      expect(await writes()).toBe(1)
    })

    // Somebody who saw a message sends it again.
    test('is set off once by a message, however often and late it comes', async () => {
      const trigger = await publishing()
      const first = await fire(api, trigger, { publicKey: SPKI })
      await finishedBy(api, first)
      const again = await Promise.all([1, 2, 3].map(() => fire(api, trigger, { publicKey: SPKI })))
      await api.advance(0)
      for (const sent of again) {
        expect(sent.json).toEqual({ id: runOf(first), triggerId: trigger.id, repeated: true })
      }
      expect(await writes()).toBe(1)
      await api.advance(8 * DAY)
      const late = await fire(api, trigger, { publicKey: SPKI }, { awayMs: 8 * DAY })
      expect(late.json).toMatchObject({ repeated: true })
      const other = await fire(api, trigger, { publicKey: SPKI }, { id: 'msg_2', awayMs: 8 * DAY })
      expect(other.json).toMatchObject({ repeated: false })
      await finishedBy(api, other)
      expect(await writes()).toBe(2)
    })

    test('is set off once by a message that comes ten times at once', async () => {
      const trigger = await publishing()
      const sent = await Promise.all(
        Array.from({ length: 10 }, () => fire(api, trigger, { publicKey: SPKI })),
      )
      const firsts = sent.filter(({ text }) => text.includes('"repeated":false'))
      expect([sent.every(({ status }) => status === 202), firsts.length]).toEqual([true, 1])
      for (const each of firsts) await finishedBy(api, each)
      expect(await writes()).toBe(1)
    })

    describe('refuses a message, and changes nothing,', () => {
      const forgeries: Readonly<Record<string, Message & { readonly as?: Partial<MadeTrigger> }>> =
        {
          'without a signature': { tampered: { headers: { 'webhook-signature': '' } } },
          'signed by another secret': { as: { secret: `whsec_${btoa('x'.repeat(32))}` } },
          'of another trigger': { as: { id: 'trg_0000000000000000' } },
          truncated: { tampered: { body: JSON.stringify({ publicKey: SPKI }).slice(0, -1) } },
          'written anew': { tampered: { body: JSON.stringify({ publicKey: SPKI }, null, 1) } },
          'made out to be new': { tampered: { headers: { 'webhook-id': 'msg_2' } } },
          'of long ago': { awayMs: -5 * 60_000 - 2_000 },
          'of the future': { awayMs: 5 * 60_000 + 2_000 },
        }
      for (const [name, { as, ...message }] of Object.entries(forgeries)) {
        test(name, async () => {
          const trigger = { ...(await publishing()), ...as }
          const sent = await fire(api, trigger, { publicKey: SPKI }, message)
          await expectProblem(api, sent, 'unauthenticated')
          await api.advance(0)
          await expectNothingSent(api)
          const { json } = await call(api, 'GET', '/v1/events?type=trigger.fired')
          expect(json).toMatchObject({ data: [] })
        })
      }
    })

    test('has two live secrets, and shows each once', async () => {
      const trigger = await publishing()
      const path = `/v1/triggers/${trigger.id}`
      const rotate = async () => {
        const sent = await call(api, 'POST', `${path}/rotate-secret`, { json: {} })
        expect(sent.status).toBe(200)
        return { id: trigger.id, secret: secretOf.parse(sent.json).secret }
      }
      const second = await rotate()
      const statuses = async (triggers: readonly MadeTrigger[]) =>
        Promise.all(
          triggers.map(async (each) => (await fire(api, each, { publicKey: SPKI })).status),
        )
      expect(await statuses([trigger, second])).toEqual([202, 202])
      const third = await rotate()
      expect(await statuses([trigger, second, third])).toEqual([401, 202, 202])
      const shown = await call(api, 'GET', path)
      expect(shown.json).toMatchObject({ secrets: [{}, {}] })
      const everything = [shown.text, (await call(api, 'GET', '/v1/triggers')).text, ...api.logs()]
      for (const { secret } of [trigger, second, third]) {
        expect(everything.join('\n')).not.toContain(secret.slice('whsec_'.length))
      }
    })

    test('that was deleted is there no longer', async () => {
      const trigger = await publishing()
      const path = `/v1/triggers/${trigger.id}`
      expect((await call(api, 'DELETE', path)).status).toBe(204)
      await expectProblem(api, await call(api, 'GET', path), 'not_found')
      await expectProblem(api, await call(api, 'DELETE', path), 'not_found')
      const sent = await fire(api, trigger, { publicKey: SPKI })
      await expectProblem(api, sent, 'unauthenticated')
      expect((await call(api, 'GET', '/v1/triggers')).json).toMatchObject({ data: [] })
    })
  })

  test('a trigger is set off no more often than a token may ask', async () => {
    const api = await open({ env: { LATCHKEY_RATE_LIMIT: '20' } })
    try {
      const { connectionId } = await makeNumber(api, 'graph')
      const target = { connectionId }
      const trigger = await makeTrigger(api, { action: 'refresh', target })
      const forged = { ...trigger, secret: `whsec_${btoa('x'.repeat(32))}` }
      const statuses: number[] = []
      for (let count = 0; count < 21; count += 1) {
        // Who has not signed it uses nothing up.
        expect((await fire(api, forged)).status).toBe(401)
        statuses.push((await fire(api, trigger, {}, { id: `msg_${count}` })).status)
      }
      expect(new Set(statuses.slice(0, 20))).toEqual(new Set([202]))
      expect(statuses[20]).toBe(429)
    } finally {
      await api.close()
    }
  })
}
