import { MINUTE, SECOND } from '@latchkey/core'
import {
  NO_POSTGRES,
  PASSWORD,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from '@latchkey/ledger/postgres-testing'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { finished, SHARED, start } from '../api/harness/rotation-calls.ts'
import { type MortalServer, startMortal } from '../support/mortal-server.ts'
import { addFleet, writtenOnce, writtenTo } from './fleet.ts'

const HOSTS = 3
const SIZE = 2_000
const CONNECTIONS = 4
const AT_ONCE = 8
/** Of an upstream call. */
const LATENCY_MS = 10
/** The longest that a write may be held by one who died. */
const LEASE_MS = 100 * SECOND
const TIMEOUT_MS = 280_000
/** Nothing is kept there. */
const NO_FOLDER = '/nonexistent'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(NO_POSTGRES)(`three hosts (needs Postgres's initdb and postgres)`, () => {
  let server: PostgresServer
  let sandbox: Sandbox
  let env: { DATABASE_URL: string }
  beforeAll(async () => {
    server = await startPostgres()
    sandbox = await startSandbox()
    env = { DATABASE_URL: await server.database() }
  }, STARTING_MS)
  afterAll(async () => {
    await sandbox.close()
    await server.stop()
  })

  const reached = async (part: number) => {
    while ((await writtenTo(sandbox.control)) < part * SIZE) await pause(50)
  }

  // Each of them dies once, with numbers in its hands, and so does the database under all.
  test(
    'publish a rotation to each number once, though each is killed and Postgres with them',
    async () => {
      const hosts: MortalServer[] = await Promise.all(
        Array.from({ length: HOSTS }, () => startMortal(NO_FOLDER, env)),
      )
      const [first] = hosts
      if (first === undefined) throw new Error('There is no host')
      const said: string[] = []
      try {
        const { control } = sandbox
        const fleet = { size: SIZE, connections: CONNECTIONS, atOnce: AT_ONCE }
        await addFleet(first, { control, urls: urlsOf(sandbox) }, fleet)
        await sandbox.control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
        const { id } = await start(first, { numbers: { all: true }, key: SHARED })
        for (const [index, host] of hosts.entries()) {
          await reached((2 * index + 1) / (2 * HOSTS + 1))
          await host.kill()
          said.push(...host.lines)
          hosts[index] = await startMortal(NO_FOLDER, env)
          await reached((2 * index + 2) / (2 * HOSTS + 1))
          if (index === 0) await server.restart()
        }
        await reached(1 - (HOSTS * CONNECTIONS * AT_ONCE) / SIZE)
        await Promise.all(hosts.map((host) => host.kill()))
        await judge(id)
      } finally {
        await Promise.all(hosts.map((host) => host.kill()))
      }
      said.push(...hosts.flatMap((host) => host.lines))
      expect(said.join('\n')).not.toContain(PASSWORD)
    },
    TIMEOUT_MS,
  )

  /** What a host finds whose clock can be set: leases of the dead are longer than a test. */
  async function judge(rotationId: string): Promise<void> {
    const heir = await openHostHarness({ env, inherit: { folder: NO_FOLDER, sandbox } })
    try {
      for (const ms of [0, LEASE_MS, MINUTE, 6 * MINUTE]) await heir.advance(ms)
      expect(await finished(heir, rotationId)).toMatchObject({
        status: 'succeeded',
        counts: { total: SIZE, verified: SIZE },
      })
      const underWay = CONNECTIONS * AT_ONCE * (2 * HOSTS + 1)
      expect((await writtenOnce(sandbox.control, { underWay })).size).toBe(1)
      const verified = await call(heir, 'GET', '/v1/events/verify')
      expect(verified.json, verified.text).toMatchObject({ valid: true })
    } finally {
      await heir.close()
    }
  }
})
