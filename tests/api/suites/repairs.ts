import { FOREIGN_PUBLIC_KEY, SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo, readFresh } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { deliver, deliveryOf, flowsAlert } from '../harness/meta-webhooks.ts'
import {
  connectionOf,
  heldBy,
  lose,
  makePublished,
  openSweeping,
  readsOf,
  setRepair,
  sweep,
  SWEEP_MS,
  told,
} from '../harness/swept.ts'

const KEY_PATH = '/*/*/whatsapp_business_encryption'
const other = FOREIGN_PUBLIC_KEY

/** What becomes of keys that upstreams lose, as a connection's `repair` says; found by reading every number regularly. */
export function repairsSuite(open: OpenApi): void {
  describe('a number that is read regularly', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await openSweeping(open)
    })
    afterEach(() => api.close())

    const repaired = (numberId: string, times = 1) =>
      told(api, numberId, { type: 'key.repaired', times })
    const mismatched = (numberId: string) => told(api, numberId, { type: 'key.mismatch', times: 1 })

    test.each([
      ['automatic', 'unset'],
      ['automatic', 'mismatch'],
      ['enforce', 'unset'],
      ['enforce', 'mismatch'],
      ['enforce', 'foreign'],
    ] as const)('by "%s" gets its key again where it is %s', async (repair, loss) => {
      const id = await makePublished(api, key, { config: { repair } })
      await lose(api, loss, { other })
      await sweep(api)
      expect(await repaired(id)).toBe(1)
      expect(await heldBy(api)).toEqual({ pem: key.pem.trim(), status: 'VALID', writes: 2 })
      const events = await eventsOf(api, id)
      expect(events.find(({ type }) => type === 'key.repaired')).toMatchObject({
        actor: { kind: 'schedule', id: 'sweep' },
        data: { cause: 'sweep', loss, fingerprint: key.fingerprint },
      })
      expect((await readFresh(api, id)).json).toMatchObject({
        signatureStatus: 'valid',
        inSync: true,
      })
    })

    test.each([
      ['automatic', 'foreign'],
      ['alert', 'unset'],
      ['alert', 'mismatch'],
      ['alert', 'foreign'],
    ] as const)('by "%s" is only told of where it is %s', async (repair, loss) => {
      const id = await makePublished(api, key, { config: { repair } })
      await lose(api, loss, { other })
      await sweep(api)
      await sweep(api)
      expect(await mismatched(id)).toBe(1)
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).not.toContain('key.repaired')
      expect((await heldBy(api)).writes).toBe(1)
    })

    test('gets its key again once its connection wants that', async () => {
      const id = await makePublished(api, key, { config: { repair: 'alert' } })
      await lose(api, 'foreign', { other })
      await sweep(api)
      expect(await mismatched(id)).toBe(1)
      await setRepair(api, id, 'enforce')
      await sweep(api)
      expect(await repaired(id)).toBe(1)
    })

    test('gets its key again as soon as its upstream tells of it', async () => {
      const id = await makePublished(api, key)
      await lose(api, 'mismatch')
      const { wabaId } = SAMPLE.graph
      const body = deliveryOf([{ id: wabaId, changes: [flowsAlert('public-key-missing')] }])
      const connectionId = connectionOf(id)
      expect((await deliver(api, connectionId, body)).status).toBe(200)
      expect(await repaired(id)).toBe(1)
      expect(await heldBy(api)).toMatchObject({ status: 'VALID', writes: 2 })
      const events = await eventsOf(api, id)
      expect(events.find(({ type }) => type === 'key.repaired')).toMatchObject({
        actor: { kind: 'webhook', id: connectionId },
        data: { cause: 'notice', loss: 'mismatch' },
      })
    })

    test('gets its key again on an On-Premises deployment', async () => {
      const id = await makePublished(api, key, { provider: 'onprem' })
      await lose(api, 'mismatch', { provider: 'onprem' })
      await sweep(api, 'onprem')
      expect(await repaired(id)).toBe(1)
      expect(await heldBy(api, 'onprem')).toMatchObject({ status: 'VALID', writes: 2 })
    })

    test('is repaired so many times a day, and that it was too often is told once', async () => {
      const id = await makePublished(api, key, { config: { repairsPerDay: 2 } })
      for (const times of [1, 2]) {
        await lose(api, 'unset')
        await sweep(api)
        expect(await repaired(id, times)).toBe(times)
      }
      await lose(api, 'mismatch')
      await lose(api, 'unset')
      await sweep(api)
      await sweep(api)
      expect(await told(api, id, { type: 'key.repair_exhausted', times: 1 })).toBe(1)
      expect(await heldBy(api)).toMatchObject({ pem: null, writes: 3 })
      await publishTo(api, id, key)
      expect(await heldBy(api)).toMatchObject({ status: 'VALID', writes: 4 })
    })

    // The repair's answer is lost: nobody knows what came of it, and a second one would be one too many.
    test('is repaired once though the answer of the upstream is lost', async () => {
      const id = await makePublished(api, key)
      await lose(api, 'unset')
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'POST',
        path: KEY_PATH,
        apply: 'now',
        answer: { kind: 'reset' },
      })
      await sweep(api)
      expect(await told(api, id, { type: 'key.publish_unknown', times: 1 })).toBe(1)
      await api.advance(SWEEP_MS)
      expect(await repaired(id)).toBe(1)
      expect(await heldBy(api)).toMatchObject({ status: 'VALID', writes: 2 })
    })

    test('is left alone for as long as its upstream limits calls, and then read', async () => {
      const id = await makePublished(api, key)
      await lose(api, 'unset')
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'GET',
        path: KEY_PATH,
        answer: { kind: 'vendor-error', code: 80007 },
      })
      await sweep(api)
      const limited = await readsOf(api)
      // It said five minutes.
      for (let minute = 1; minute <= 3; minute += 1) await api.advance(SWEEP_MS)
      expect(await readsOf(api)).toBe(limited)
      for (let minute = 4; minute <= 8; minute += 1) await api.advance(SWEEP_MS)
      expect(await repaired(id)).toBe(1)
    })
  })

  test('a number whose key cannot be read is never called for by itself', async () => {
    const api = await openSweeping(open)
    const key = await freshKey()
    await makePublished(api, key, { provider: 'kaleyra' })
    for (let minute = 0; minute < 3; minute += 1) await api.advance(SWEEP_MS)
    expect((await api.sandbox.requests({ upstream: 'kaleyra' })).requests).toEqual([])
    await api.close()
  })
}
