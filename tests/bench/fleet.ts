import { SECOND } from '@latchkey/core'
import { sandboxControl } from '@latchkey/sandbox/control'
import { PER_NUMBER, SHARED } from '../api/harness/rotation-calls.ts'
import { fillPoolOf } from '../fleet/disk.ts'
import { addFleet, bareMs, type Fleet, rotateFleet, rotationRows } from './fleet-rotation.ts'
import { apiAt, latchkeyIn, SANDBOX } from './latchkey.ts'
import { withSite } from './site.ts'
import type { Bench, Row } from './table/row.ts'

const FLEET: Fleet = { numbers: 10_000, connections: 4, atOnce: 8, latencyMs: 50 }

/** What the rotation may take in place of that; for a key for each, as the pool has to be gone through. */
const SHARED_BOUND = 1.1
const EACH_BOUND = 1.3

/**
 * How long the rotation of a fleet takes, against what the upstream and the connections' limits alone take: with a key
 * for all, and with one for each from a pool that was filled ahead.
 */
export const benchFleet: Bench = (say) =>
  withSite(async ({ folder, start: startProgram }) => {
    const sandbox = await startProgram(...SANDBOX)
    const control = sandboxControl(new URL(sandbox.url).origin)
    await control.reset({ graphNumbers: FLEET.numbers })
    await control.setKnobs('graph', { hourlyLimit: 1_000_000 })
    const latchkey = await startProgram(...latchkeyIn(folder))
    const api = apiAt(latchkey.url)
    say(`adding ${FLEET.numbers} numbers`)
    await addFleet(api, sandbox.url, FLEET)
    await fillPoolOf(folder, FLEET.numbers)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: FLEET.latencyMs })
    const rows: Row[] = []
    for (const [id, what, key, bound] of [
      ['fleet/shared', 'one key for all', SHARED, SHARED_BOUND],
      ['fleet/each', 'a key for each, made ahead', PER_NUMBER, EACH_BOUND],
    ] as const) {
      const bare = await bareMs(sandbox.url, FLEET)
      say(`rotating them to ${what}: a bare client takes ${(bare / SECOND).toFixed(1)} s`)
      const ms = await rotateFleet(api, key, FLEET)
      rows.push(...rotationRows(FLEET, { ms, bareMs: bare }, { id, what, bound }))
    }
    return rows
  })
