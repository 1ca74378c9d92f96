/// <reference types="@latchkey/ledger/cloudflare-test" />
import { abortAllDurableObjects } from 'cloudflare:test'
import { MINUTE, SECOND } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { createKeyRing } from '@latchkey/crypto'
import { fleetNumberId } from '@latchkey/sandbox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { call, connectionTo, make } from '../api/harness/client.ts'
import { type ApiHarness, HARNESS_ENV } from '../api/harness/harness.ts'
import { finished, PER_NUMBER, start } from '../api/harness/rotation-calls.ts'
import { apiLedger, openWorkerdHarness } from '../api/harness/workerd.ts'
import { whyLost } from './opening.ts'
import { fleetSeed } from './chance.ts'
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

/** What the keys at the upstream are short of, asked of objects that know nothing but what is on the disk. */
async function lostKeys(): Promise<readonly string[]> {
  await abortAllDurableObjects()
  const ledger = apiLedger()
  const { sealer } = await createKeyRing(JSON.parse(HARNESS_ENV.LATCHKEY_KEYS))
  const { numbers } = await api.sandbox.state('graph')
  const pems = new Set(numbers.flatMap(({ key }) => key?.pem ?? []))
  const found = [...pems].map((pem) =>
    whyLost(sealer, pem, async (fingerprint) => {
      const { items } = await ledger.list({ kind: 'key', where: { fingerprint }, limit: 1 })
      return items[0]?.state
    }),
  )
  return (await Promise.all(found)).filter((why) => why !== null)
}

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
      expect(await lostKeys(), `after kill ${kill + 1} ${of}`).toEqual([])
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
    expect(await lostKeys(), of).toEqual([])
  },
  TIMEOUT_MS,
)
