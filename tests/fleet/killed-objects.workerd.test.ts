/// <reference types="@latchkey/ledger/cloudflare-test" />
import { abortAllDurableObjects } from 'cloudflare:test'
import { MINUTE, SECOND } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { fleetNumberId } from '@latchkey/sandbox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { call, connectionTo, make } from '../api/harness/client.ts'
import type { ApiHarness } from '../api/harness/harness.ts'
import { finished, PER_NUMBER, start } from '../api/harness/rotation-calls.ts'
import { openWorkerdHarness } from '../api/harness/workerd.ts'
import { fleetSeed } from './chance.ts'
import { lostKeys } from './objects.ts'
import { doSomething } from './something.ts'

const KILLS = 30
const CONNECTIONS = 2
const NUMBERS = 12
const SEED = fleetSeed()
/** Of an upstream call, in either direction. */
const LATENCY_MS = 10
/** The longest that a write may be held by an object that died. */
const LEASE_MS = 100 * SECOND
/** Of the objects, at the most. */
const LIFE_MS = 1_500
const TURNS_MAX = 20
const TIMEOUT_MS = 240_000

let api: ApiHarness
beforeEach(async () => {
  api = await openWorkerdHarness()
  await api.sandbox.reset({ graphNumbers: NUMBERS })
})
afterEach(() => api.close())

// As for a server that is killed: whatever an object was doing, its next life knows of the disk alone.
test(
  `objects killed ${KILLS} times while they rotate never leave a key that nobody can open`,
  async () => {
    const random = seededRandom(SEED)
    const of = `of seed ${SEED}`
    process.stdout.write(`${KILLS} kills ${of} (FLEET_SEED)\n`)
    for (let made = 0; made < CONNECTIONS; made += 1) {
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      for (let index = made; index < NUMBERS; index += CONNECTIONS) {
        await make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) })
      }
    }
    await api.sandbox.addFault({
      upstream: 'graph',
      times: null,
      latencyMs: LATENCY_MS,
      answerLatencyMs: LATENCY_MS,
    })
    for (let kill = 0; kill < KILLS; kill += 1) {
      const doing = [doSomething(api, random.fraction()), api.advance(LEASE_MS)]
      await new Promise((go) => setTimeout(go, random.fraction() * LIFE_MS))
      await abortAllDurableObjects()
      await Promise.allSettled(doing)
      expect(await lostKeys(api), `after kill ${kill + 1} ${of}`).toEqual([])
    }
    const { numbers } = await api.sandbox.state('graph')
    const writes = numbers.reduce((sum, number) => sum + number.writes, 0)
    // Or nothing would have been tried.
    expect(writes, of).toBeGreaterThan(NUMBERS)
    await api.sandbox.clearFaults()

    const running = async () => (await call(api, 'GET', '/v1/rotations?status=running')).text
    for (let turns = 0; (await running()).includes('rot_') && turns < TURNS_MAX; turns += 1) {
      await api.advance(MINUTE)
    }
    expect(await running(), of).not.toContain('rot_')
    const { id } = await start(api, { numbers: { provider: 'graph' }, key: PER_NUMBER })
    expect(await finished(api, id), of).toMatchObject({
      status: 'succeeded',
      counts: { verified: NUMBERS },
    })
    expect(await lostKeys(api), of).toEqual([])
  },
  TIMEOUT_MS,
)
