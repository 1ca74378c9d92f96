import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fleetNumberId } from '@latchkey/sandbox'
import { sandboxControl } from '@latchkey/sandbox/control'
import { call, connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { PER_NUMBER, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { fillPool } from '../fleet/spares.ts'
import { latchkeyIn, SANDBOX } from './latchkey.ts'
import { type Program, startProgram } from './processes.ts'

const NUMBERS = 10_000
const CONNECTIONS = 4
const AT_ONCE = 8
const LATENCY_MS = 50
/** Each number costs a publish and the read of it back. */
const CALLS = 2
const BOUND_MS = (NUMBERS * CALLS * LATENCY_MS) / (CONNECTIONS * AT_ONCE)
const LOOK_MS = 250
const ADDED_AT_ONCE = 16

/**
 * How long the rotation of a fleet takes, against what the upstream's latency and the connections' limits alone take:
 * with a key for all, and with one for each from a pool that was filled ahead.
 */
export async function benchFleet(say: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  const started: Program[] = []
  try {
    const sandbox = await startProgram(...SANDBOX)
    started.push(sandbox)
    const control = sandboxControl(new URL(sandbox.url).origin)
    await control.reset({ graphNumbers: NUMBERS })
    await control.setKnobs('graph', { hourlyLimit: 1_000_000 })
    const latchkey = await startProgram(...latchkeyIn(folder))
    started.push(latchkey)
    const api: Requesting = {
      adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
      request: (path, init) => fetch(latchkey.url + path, init),
    }
    await addFleet(api, sandbox.url)
    await fillPool(folder, NUMBERS)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
    say(
      `rotating ${NUMBERS} numbers of ${CONNECTIONS} connections, ${AT_ONCE} calls at once each, ${LATENCY_MS} ms a call`,
    )
    say(`  latency and limits alone               ${seconds(BOUND_MS)}`)
    for (const [name, key] of [
      ['one key for all', SHARED],
      ['a key for each, made ahead', PER_NUMBER],
    ] as const) {
      const ms = await timeRotation(api, key)
      say(`  ${name.padEnd(38)} ${seconds(ms)}   × ${(ms / BOUND_MS).toFixed(2)}`)
    }
  } finally {
    for (const program of started) program.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(6)} s`

async function addFleet(api: Requesting, graph: string): Promise<void> {
  const { config, ...rest } = connectionTo(
    { urls: { graph, onprem: '', kaleyra: '', pbx: '' } },
    'graph',
  )
  const connection = { ...rest, config: { ...config, maxConcurrent: AT_ONCE } }
  const connectionIds: string[] = []
  for (let made = 0; made < CONNECTIONS; made += 1) {
    connectionIds.push(await make(api, '/v1/connections', connection))
  }
  let next = 0
  const add = async () => {
    for (let index = next++; index < NUMBERS; index = next++) {
      const connectionId = connectionIds[index % CONNECTIONS]
      await make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) })
    }
  }
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, add))
}

/** @throws Error where not every number ends verified */
async function timeRotation(api: Requesting, key: object): Promise<number> {
  const began = performance.now()
  const { id } = await start(api, { numbers: { all: true }, key })
  for (;;) {
    const { status, counts } = await progress(api, id)
    if (status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      continue
    }
    if (counts.verified === NUMBERS) return performance.now() - began
    const failed = await call(api, 'GET', `/v1/rotations/${id}/numbers?status=failed&limit=1`)
    throw new Error(`Cannot rotate: ${status}, ${failed.text}`)
  }
}
