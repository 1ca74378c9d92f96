import { systemRandom } from '@latchkey/platform'
import { fleetNumberId } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiHarness, OpenApi } from '../api/harness/harness.ts'
import { call, make } from '../api/harness/client.ts'
import { SPKI } from '../api/harness/key-fixtures.ts'
import {
  deliver,
  deliveryOf,
  flowsAlert,
  makeAccount,
  readsByNumber,
} from '../api/harness/meta-webhooks.ts'

const ACCOUNTS = 50
const NUMBERS_EACH = 2
const ALERTS_EACH = 20
const TIMES = 3
/** Deliveries between two looks at what is due. */
const BURST = 300
/** Deliveries at once. */
const AT_ONCE = 10
/** Fifty objects at work inside a test runner, beside other tests, take their time. */
const TIMEOUT_MS = 420_000

const wabaOf = (account: number) => String(400_000_000_000_000 + account)

/** What many alerts, each sent three times, cost the upstream, and what they do. */
export function alertsSuite(open: OpenApi): void {
  describe('alerts over fifty accounts', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
      await api.sandbox.reset({ graphNumbers: ACCOUNTS * NUMBERS_EACH })
    })
    afterEach(() => api.close())

    // A Meta app has one address, and Meta sends again what it got no answer for, in no order.
    test(
      `${ACCOUNTS * ALERTS_EACH} alerts sent thrice in any order read each number at most once for each, and repair it once`,
      async () => {
        const connections: string[] = []
        for (let account = 0; account < ACCOUNTS; account += 1) {
          const connectionId = await makeAccount(api, wabaOf(account))
          connections.push(connectionId)
          for (let index = 0; index < NUMBERS_EACH; index += 1) {
            const upstreamId = fleetNumberId(account * NUMBERS_EACH + index)
            const id = await make(api, '/v1/numbers', { connectionId, upstreamId })
            const json = { publicKey: SPKI }
            const sent = await call(api, 'PUT', `/v1/numbers/${id}/encryption-key`, { json })
            expect(sent.status).toBe(200)
            await api.sandbox.setNumber('graph', upstreamId, { key: null })
          }
        }
        await api.sandbox.clearRequests()
        const time = Math.floor(Date.now() / 1000)
        const alerts = Array.from({ length: ACCOUNTS * ALERTS_EACH }, (_, index) => {
          const change = flowsAlert('public-key-missing', { flow_id: String(index) })
          return deliveryOf([{ id: wabaOf(index % ACCOUNTS), time, changes: [change] }])
        })
        const deliveries = shuffled(Array.from({ length: TIMES }, () => alerts).flat())

        const reads: Record<string, number> = {}
        const settle = async () => {
          await api.advance(0)
          for (const [number, count] of Object.entries(await readsByNumber(api))) {
            reads[number] = (reads[number] ?? 0) + count
          }
          await api.sandbox.clearRequests()
        }
        for (let start = 0; start < deliveries.length; start += BURST) {
          const burst = deliveries.slice(start, start + BURST)
          for (let at = 0; at < burst.length; at += AT_ONCE) {
            const sent = burst
              .slice(at, at + AT_ONCE)
              .map((body) => deliver(api, connections[0] ?? '', body))
            for (const { status } of await Promise.all(sent)) expect(status).toBe(200)
          }
          await settle()
        }

        expect(Object.keys(reads)).toHaveLength(ACCOUNTS * NUMBERS_EACH)
        // A repair reads back what it wrote.
        for (const count of Object.values(reads)) expect(count).toBeLessThanOrEqual(ALERTS_EACH + 1)
        const { numbers } = await api.sandbox.state('graph')
        const fleet = numbers.filter(({ id }) => id in reads)
        expect(fleet.map(({ writes }) => writes)).toEqual(fleet.map(() => 2))
        expect(fleet.every(({ key }) => key?.status === 'VALID')).toBe(true)
        for (const body of deliveries.slice(0, BURST))
          await deliver(api, connections[0] ?? '', body)
        await api.advance(0)
        expect(await readsByNumber(api)).toEqual({})
      },
      TIMEOUT_MS,
    )
  })
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, at: systemRandom.fraction() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
