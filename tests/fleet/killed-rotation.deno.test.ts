import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE, SECOND } from '@latchkey/core'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { finished, PER_NUMBER, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { startMortal } from '../support/mortal-server.ts'
import { endLeases, fillPoolOf, lostKeys } from './disk.ts'
import { addFleet, writtenOnce, writtenTo } from './fleet.ts'

/** With a key for all; and with one for each, made ahead. */
const FLEETS = [
  [10_000, SHARED],
  [500, PER_NUMBER],
] as const
const CONNECTIONS = 4
const AT_ONCE = 8
const KILLED_AT = [0.2, 0.5, 0.8]
/** Of an upstream call. */
const LATENCY_MS = 10
const LEASE_MS = 100 * SECOND
const TIMEOUT_MS = 400_000

let folder: string
let sandbox: Sandbox
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-fleet-'))
  sandbox = await startSandbox()
})
afterEach(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

test.each(FLEETS)(
  'a rotation of %i numbers with %o, killed three times, publishes to each once and loses none',
  async (size, key) => {
    let api = await startMortal(folder)
    const { control } = sandbox
    const fleet = { size, connections: CONNECTIONS, atOnce: AT_ONCE }
    await addFleet(api, { control, urls: urlsOf(sandbox) }, fleet)
    if (key === PER_NUMBER) await fillPoolOf(folder, size)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
    const { id } = await start(api, { numbers: { all: true }, key })
    for (const part of KILLED_AT) {
      while ((await writtenTo(control)) < part * size) await new Promise((go) => setTimeout(go, 50))
      await api.kill()
      endLeases(folder)
      api = await startMortal(folder)
    }
    // What was under way at a kill stays with the dead until its lease ends.
    const held = CONNECTIONS * AT_ONCE * KILLED_AT.length
    while ((await progress(api, id)).counts.verified < size - held) {
      await new Promise((go) => setTimeout(go, 250))
    }
    await api.kill()
    endLeases(folder)

    const heir = await openHostHarness({ inherit: { folder, sandbox } })
    try {
      for (const ms of [0, LEASE_MS, MINUTE, 6 * MINUTE]) await heir.advance(ms)
      expect(await finished(heir, id)).toMatchObject({
        status: 'succeeded',
        counts: { total: size, verified: size },
      })
      const pems = await writtenOnce(control, { underWay: held })
      expect(pems.size === 1).toBe(key === SHARED)
      expect(await lostKeys(folder, pems)).toEqual([])
      const verified = await call(heir, 'GET', '/v1/events/verify')
      expect(verified.json, verified.text).toMatchObject({ valid: true })
    } finally {
      await heir.close()
    }
  },
  TIMEOUT_MS,
)
