import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE, SECOND } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { fleetNumberId, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, connectionTo, make } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { eventsOf, publishTo, readFresh } from '../api/harness/key-calls.ts'
import { freshKey } from '../api/harness/keys.ts'
import { startMortal } from '../support/mortal-server.ts'

const KILLS = 10
const SEED = 20_261_121
/** A publish takes about this long: the sandbox keeps back the write for one half, and its answer for the other. */
const PUBLISH_MS = 240
/** The longest that a write may be held by one who died. */
const LEASE_MS = 100 * SECOND
const TIMEOUT_MS = 120_000

let folder: string
let sandbox: Sandbox
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-crash-'))
  sandbox = await startSandbox()
  await sandbox.control.reset({ graphNumbers: KILLS })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test(
  `a server killed ${KILLS} times in the middle of a publish leaves no number stuck or unknown`,
  async () => {
    const random = seededRandom(SEED)
    const key = await freshKey()
    await sandbox.control.addFault({
      upstream: 'graph',
      method: 'POST',
      times: null,
      latencyMs: PUBLISH_MS / 2,
      answerLatencyMs: PUBLISH_MS / 2,
    })
    const numbers: {
      readonly id: string
      readonly upstreamId: string
      readonly killedAt: number
    }[] = []
    let connectionId: string | null = null
    for (let kill = 0; kill < KILLS; kill += 1) {
      const api = await startMortal(folder)
      try {
        const urls = urlsOf(sandbox)
        connectionId ??= await make(api, '/v1/connections', connectionTo({ urls }, 'graph'))
        const upstreamId = fleetNumberId(kill)
        const id = await make(api, '/v1/numbers', { connectionId, upstreamId })
        const killedAt = Math.round(random.fraction() * 1.6 * PUBLISH_MS)
        numbers.push({ id, upstreamId, killedAt })
        const cut = publishTo(api, id, key).catch(() => null)
        await pause(killedAt)
        await api.kill()
        await cut
      } finally {
        await api.kill()
      }
    }
    await sandbox.control.clearFaults()

    // The lease of a dead owner is longer than a test: the same file goes on in this process, whose clock can be set.
    const api = await openHostHarness({ inherit: { folder, sandbox } })
    try {
      for (const { id } of numbers) {
        const now = await readFresh(api, id)
        expect(now.status, now.text).toBe(200)
      }
      for (const ms of [LEASE_MS, 5 * MINUTE, 5 * MINUTE]) await api.advance(ms)
      const { numbers: held } = await sandbox.control.state('graph')
      for (const { id, upstreamId, killedAt } of numbers) {
        const log = await eventsOf(api, id)
        const story = `killed after ${killedAt} ms, seed ${SEED}: ${log.map((each) => each.type).join(', ')}`
        const truth = held.find((each) => each.id === upstreamId)
        const asked = log.some((each) => each.type === 'key.publish_requested')
        expect(truth?.key?.pem.trim(), story).toBe(asked ? key.pem.trim() : undefined)
        expect(truth?.writes, story).toBeLessThanOrEqual(2)
        expect(log.filter((each) => each.type === 'key.published').length, story).toBe(
          asked ? 1 : 0,
        )
        const told = await call(api, 'GET', `/v1/numbers/${id}/encryption-key`)
        expect(told.json, story).toMatchObject({
          inSync: asked,
          signatureStatus: asked ? 'valid' : 'unset',
        })
        const again = await publishTo(api, id, key)
        expect(again.status, `${story}: ${again.text}`).toBe(200)
      }
      const verified = await call(api, 'GET', '/v1/events/verify')
      expect(verified.json, verified.text).toMatchObject({ valid: true, broken: [] })
    } finally {
      await api.close()
    }
  },
  TIMEOUT_MS,
)
