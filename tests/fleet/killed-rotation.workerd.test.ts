/// <reference types="@latchkey/ledger/cloudflare-test" />
import { abortAllDurableObjects } from 'cloudflare:test'
import { MINUTE } from '@latchkey/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import type { ApiHarness } from '../api/harness/harness.ts'
import { PER_NUMBER, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { apiLedger, openWorkerdHarness } from '../api/harness/workerd.ts'
import { addFleet, writtenOnce, writtenTo } from './fleet.ts'
import { lostKeys } from './objects.ts'
import { fillPool } from './spares.ts'

/** With a key for all; and with one for each, made ahead. All objects share one thread here. */
const FLEETS = [
  [1_000, SHARED],
  [200, PER_NUMBER],
] as const
const CONNECTIONS = 4
/** What an invocation of an object may have open. */
const AT_ONCE = 6
const KILLED_AT = [0.2, 0.5, 0.8]
/** Of an upstream call. */
const LATENCY_MS = 10
/** The longest that a task, or a write, may be held by an object that died. */
const LEASE_MS = 2 * MINUTE
const TURNS_MAX = 40
const TIMEOUT_MS = 240_000

let api: ApiHarness
beforeEach(async () => {
  api = await openWorkerdHarness()
})
afterEach(() => api.close())

test.each(FLEETS)(
  'a rotation of %i numbers with %o, its objects killed three times, publishes to each once and loses none',
  async (size, key) => {
    const { sandbox: control, urls } = api
    await addFleet(api, { control, urls }, { size, connections: CONNECTIONS, atOnce: AT_ONCE })
    if (key === PER_NUMBER) await fillPool(apiLedger(), size)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
    const { id } = await start(api, { numbers: { all: true }, key })
    for (const part of KILLED_AT) {
      const reached = new AbortController()
      const work = async () => {
        while (!reached.signal.aborted) await api.advance(LEASE_MS)
      }
      const working = Promise.allSettled([work()])
      while ((await writtenTo(control)) < part * size) await new Promise((go) => setTimeout(go, 50))
      reached.abort()
      await abortAllDurableObjects()
      await working
    }
    let { status, counts } = await progress(api, id)
    for (let turns = 0; status === 'running' && turns < TURNS_MAX; turns += 1) {
      await api.advance(MINUTE)
      ;({ status, counts } = await progress(api, id))
    }
    expect([status, counts.verified]).toEqual(['succeeded', size])
    const underWay = CONNECTIONS * AT_ONCE * KILLED_AT.length
    const pems = await writtenOnce(control, { underWay })
    expect(pems.size === 1).toBe(key === SHARED)
    expect(await lostKeys(api)).toEqual([])
    const verified = await call(api, 'GET', '/v1/events/verify')
    expect(verified.json, verified.text).toMatchObject({ valid: true })
  },
  TIMEOUT_MS,
)
