import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE, SECOND } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { fleetNumberId, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { startMortal } from '../support/mortal-server.ts'
import { endLeases, lostKeys } from './disk.ts'
import { fleetSeed } from './chance.ts'
import { doSomething } from './something.ts'

const KILLS = 30
const NUMBERS = 40
/** Few at once, so that few are held by each of the dead. */
const AT_ONCE = 4
const SEED = fleetSeed()
/** Of an upstream call, in either direction. */
const LATENCY_MS = 40
/** The longest that a write may be held by one who died. */
const LEASE_MS = 100 * SECOND
/** Of a process, at the most. */
const LIFE_MS = 2500
const TIMEOUT_MS = 240_000

let folder: string
let sandbox: Sandbox
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-fleet-'))
  sandbox = await startSandbox()
  await sandbox.control.reset({ graphNumbers: NUMBERS })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const held = async () => {
  const { numbers } = await sandbox.control.state('graph')
  return numbers.flatMap(({ key }) => key?.pem ?? [])
}

function smallConnection() {
  const { config, ...rest } = connectionTo({ urls: urlsOf(sandbox) }, 'graph')
  return { ...rest, config: { ...config, maxConcurrent: AT_ONCE } }
}

// Were a key published before its private half is safe, a process that dies in between would lose all that is
// encrypted for it.
test(
  `a server killed ${KILLS} times while it rotates never leaves a key that nobody can open`,
  async () => {
    process.stdout.write(`${KILLS} kills of seed ${SEED} (FLEET_SEED)\n`)
    const random = seededRandom(SEED)
    await sandbox.control.addFault({
      upstream: 'graph',
      times: null,
      latencyMs: LATENCY_MS,
      answerLatencyMs: LATENCY_MS,
    })
    let published = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      const api = await startMortal(folder)
      try {
        if (kill === 0) {
          const connectionId = await make(api, '/v1/connections', smallConnection())
          for (let index = 0; index < NUMBERS; index += 1) {
            await make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) })
          }
        }
        const cut = doSomething(api, random.fraction()).catch(() => null)
        await pause(Math.round(random.fraction() * LIFE_MS))
        await api.kill()
        await cut
      } finally {
        await api.kill()
      }
      endLeases(folder)
      const pems = await held()
      published = Math.max(published, pems.length)
      expect(await lostKeys(folder, pems), `after kill ${kill + 1}`).toEqual([])
    }
    // Or nothing would have been tried.
    expect(published).toBeGreaterThan(AT_ONCE)
    await sandbox.control.clearFaults()

    // The leases of the dead are longer than a test: the same file goes on in this process, whose clock can be set.
    const api = await openHostHarness({ inherit: { folder, sandbox } })
    try {
      for (const ms of [MINUTE, LEASE_MS, 6 * MINUTE, 6 * MINUTE, 6 * MINUTE]) await api.advance(ms)
      await api.advance(0)
      const running = await call(api, 'GET', '/v1/rotations?status=running')
      expect(running.json, running.text).toMatchObject({ data: [] })
      const last = await call(api, 'POST', '/v1/rotations', {
        json: { numbers: { provider: 'graph' }, key: { generate: 'per-number' } },
      })
      await api.advance(0)
      const { id } = z.object({ id: z.string() }).parse(last.json)
      const done = await call(api, 'GET', `/v1/rotations/${id}`)
      expect(done.json).toMatchObject({ status: 'succeeded', counts: { verified: NUMBERS } })
      expect(await lostKeys(folder, await held())).toEqual([])
    } finally {
      await api.close()
    }
  },
  TIMEOUT_MS,
)
