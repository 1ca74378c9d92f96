import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE, SECOND } from '@latchkey/core'
import { fleetNumberId, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { finished, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { startMortal } from '../support/mortal-server.ts'
import { endLeases, lostKeys } from './disk.ts'

const NUMBERS = 10_000
const CONNECTIONS = 4
const AT_ONCE = 8
const KILLED_AT = [0.2, 0.5, 0.8]
/** Of an upstream call. */
const LATENCY_MS = 10
const LEASE_MS = 100 * SECOND
const TIMEOUT_MS = 240_000

let folder: string
let sandbox: Sandbox
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-fleet-'))
  sandbox = await startSandbox()
  await sandbox.control.reset({ graphNumbers: NUMBERS })
  await sandbox.control.setKnobs('graph', { hourlyLimit: 1_000_000 })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

async function addFleet(api: Requesting): Promise<void> {
  const { config, ...rest } = connectionTo({ urls: urlsOf(sandbox) }, 'graph')
  const connection = { ...rest, config: { ...config, maxConcurrent: AT_ONCE } }
  for (let which = 0; which < CONNECTIONS; which += 1) {
    const connectionId = await make(api, '/v1/connections', connection)
    const indexes = Array.from({ length: NUMBERS / CONNECTIONS }, (_, n) => n * CONNECTIONS + which)
    for (let at = 0; at < indexes.length; at += 10) {
      await Promise.all(
        indexes
          .slice(at, at + 10)
          .map((index) =>
            make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) }),
          ),
      )
    }
  }
}

const written = async () => {
  const { numbers } = await sandbox.control.state('graph')
  return numbers.filter(({ writes }) => writes > 0).length
}

test(
  `a rotation of ${NUMBERS} numbers, killed ${KILLED_AT.length} times, publishes to each once and loses none`,
  async () => {
    let api = await startMortal(folder)
    await addFleet(api)
    await sandbox.control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
    const { id } = await start(api, { numbers: { all: true }, key: SHARED })
    for (const part of KILLED_AT) {
      while ((await written()) < part * NUMBERS) await new Promise((go) => setTimeout(go, 50))
      await api.kill()
      endLeases(folder)
      api = await startMortal(folder)
    }
    // What was under way at a kill stays with the dead until its lease ends.
    const held = CONNECTIONS * AT_ONCE * KILLED_AT.length
    while ((await progress(api, id)).counts.verified < NUMBERS - held) {
      await new Promise((go) => setTimeout(go, 250))
    }
    await api.kill()
    endLeases(folder)

    const heir = await openHostHarness({ inherit: { folder, sandbox } })
    try {
      for (const ms of [0, LEASE_MS, MINUTE, 6 * MINUTE]) await heir.advance(ms)
      expect(await finished(heir, id)).toMatchObject({
        status: 'succeeded',
        counts: { total: NUMBERS, verified: NUMBERS },
      })
      const { numbers } = await sandbox.control.state('graph')
      const pems = new Set(numbers.map(({ key }) => key?.pem))
      expect(pems.size).toBe(1)
      expect(
        await lostKeys(
          folder,
          [...pems].flatMap((pem) => pem ?? []),
        ),
      ).toEqual([])
      expect(Math.min(...numbers.map(({ writes }) => writes))).toBe(1)
      expect(Math.max(...numbers.map(({ writes }) => writes))).toBeLessThanOrEqual(2)
      expect(numbers.filter(({ writes }) => writes === 2).length).toBeLessThanOrEqual(held)
      const verified = await call(heir, 'GET', '/v1/events/verify')
      expect(verified.json, verified.text).toMatchObject({ valid: true })
    } finally {
      await heir.close()
    }
  },
  TIMEOUT_MS,
)
