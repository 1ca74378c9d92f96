import { SECOND } from '@latchkey/core'
import { sandboxControl } from '@latchkey/sandbox/control'
import { SHARED } from '../api/harness/rotation-calls.ts'
import { addFleet, bareMs, type Fleet, rotateFleet, rotationRows } from './fleet-rotation.ts'
import { apiAt, SANDBOX } from './latchkey.ts'
import { median } from './measure.ts'
import { withSite } from './site.ts'
import type { Bench } from './table/row.ts'
import { latchkeyOnWorkerd } from './workerd.ts'

/** An object's invocation has six connections, which is what bounds its calls at once. */
const FLEET: Fleet = { numbers: 1_000, connections: 4, atOnce: 6, latencyMs: 50 }
const ROUNDS = 3
const BOUND = 1.25

/**
 * How long the rotation of a fleet takes on Workers, each connection in an object of its own, against what the upstream
 * and an invocation's six connections alone take.
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
    const least: number[] = []
    const taken: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      least.push(await bareMs(sandbox.url, FLEET))
      taken.push(await rotateFleet(api, SHARED, FLEET))
      const [ms = 0, bare = 0] = [taken.at(-1), least.at(-1)]
      say(`  ${(ms / SECOND).toFixed(2)} s, a bare client ${(bare / SECOND).toFixed(2)} s`)
    }
    const rotation = { ms: median(taken), bareMs: median(least) }
    const what = `one key for all on workerd (the median of ${ROUNDS})`
    return rotationRows(FLEET, rotation, { id: 'fleet-workers/shared', what, bound: BOUND })
  })
