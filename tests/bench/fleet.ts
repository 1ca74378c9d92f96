import { SECOND } from '@latchkey/core'
import { fleetNumberId } from '@latchkey/sandbox'
import { sandboxControl } from '@latchkey/sandbox/control'
import { call, connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { PER_NUMBER, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { fillPool } from '../fleet/spares.ts'
import { apiAt, latchkeyIn, SANDBOX } from './latchkey.ts'
import { withSite } from './site.ts'
import type { Bench, Row } from './table/row.ts'

const NUMBERS = 10_000
const CONNECTIONS = 4
const AT_ONCE = 8
const LATENCY_MS = 50
/** Each number costs a publish and the read of it back. */
const CALLS = 2
const BOUND_MS = (NUMBERS * CALLS * LATENCY_MS) / (CONNECTIONS * AT_ONCE)
const LOOK_MS = 250
const ADDED_AT_ONCE = 16

/** What the rotation may take in place of that; for a key for each, as the pool has to be gone through. */
const SHARED_BOUND = 1.1
const EACH_BOUND = 1.3

/**
 * How long the rotation of a fleet takes, against what the upstream's latency and the connections' limits alone take:
 * with a key for all, and with one for each from a pool that was filled ahead.
 */
export const benchFleet: Bench = (say) =>
  withSite(async ({ folder, start: startProgram }) => {
    const sandbox = await startProgram(...SANDBOX)
    const control = sandboxControl(new URL(sandbox.url).origin)
    await control.reset({ graphNumbers: NUMBERS })
    await control.setKnobs('graph', { hourlyLimit: 1_000_000 })
    const latchkey = await startProgram(...latchkeyIn(folder))
    const api = apiAt(latchkey.url)
    say(`adding ${NUMBERS} numbers`)
    await addFleet(api, sandbox.url)
    await fillPool(folder, NUMBERS)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: LATENCY_MS })
    const rows: Row[] = []
    for (const [id, name, key, bound] of [
      ['fleet/shared', 'one key for all', SHARED, SHARED_BOUND],
      ['fleet/each', 'a key for each, made ahead', PER_NUMBER, EACH_BOUND],
    ] as const) {
      say(`rotating them to ${name}: at least ${BOUND_MS / SECOND} s`)
      const ms = await timeRotation(api, key)
      rows.push({
        id,
        what: `Rotating ${NUMBERS} numbers of ${CONNECTIONS} connections to ${name}, against ${AT_ONCE} calls at once of ${LATENCY_MS} ms alone`,
        value: ms / BOUND_MS,
        unit: '×',
        bound,
        direction: 'at most',
      })
    }
    return rows
  })

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
