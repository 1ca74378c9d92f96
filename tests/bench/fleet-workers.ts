import { SECOND } from '@latchkey/core'
import { sandboxControl } from '@latchkey/sandbox/control'
import { SHARED } from '../api/harness/rotation-calls.ts'
import { addFleet, type Fleet, leastMs, rotateFleet } from './fleet-rotation.ts'
import { apiAt, SANDBOX } from './latchkey.ts'
import { withSite } from './site.ts'
import type { Bench, Row } from './table/row.ts'
import { latchkeyOnWorkerd } from './workerd.ts'

/** An object's invocation has six connections, which is what bounds its calls at once. */
const FLEET: Fleet = { numbers: 1_000, connections: 4, atOnce: 6, latencyMs: 50 }
const ROUNDS = 3
/** A tenth as many numbers as on Deno, so that what a rotation takes to begin and to end counts for more. */
const BOUND = 1.3

/**
 * How long the rotation of a fleet takes on Workers, each connection in an object of its own, against what the
 * upstream's latency and an invocation's six connections alone take.
 */
export const benchFleetOnWorkers: Bench = (say) =>
  withSite(async (site) => {
    const sandbox = await site.start(...SANDBOX)
    const control = sandboxControl(new URL(sandbox.url).origin)
    await control.reset({ graphNumbers: FLEET.numbers })
    await control.setKnobs('graph', { hourlyLimit: 1_000_000 })
    const latchkey = await latchkeyOnWorkerd(site)
    const api = apiAt(latchkey.url)
    say(`adding ${FLEET.numbers} numbers`)
    await addFleet(api, sandbox.url, FLEET)
    await control.addFault({ upstream: 'graph', times: null, latencyMs: FLEET.latencyMs })
    const least = leastMs(FLEET)
    const ratios: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const ms = await rotateFleet(api, SHARED, FLEET)
      ratios.push(ms / least)
      say(`  ${(ms / SECOND).toFixed(2)} s, at least ${(least / SECOND).toFixed(2)} s`)
    }
    const row: Row = {
      id: 'fleet-workers/shared',
      what: `Rotating ${FLEET.numbers} numbers of ${FLEET.connections} connections to one key for all on workerd, against ${FLEET.atOnce} calls at once of ${FLEET.latencyMs} ms alone; the slowest of ${ROUNDS}`,
      value: Math.max(...ratios),
      unit: '×',
      bound: BOUND,
      direction: 'at most',
    }
    return [row]
  })
