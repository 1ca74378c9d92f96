import { fleetNumberId } from '@latchkey/sandbox'
import { call, connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { progress, start } from '../api/harness/rotation-calls.ts'

/** Numbers spread over connections, each with a limit of its own. */
export interface Fleet {
  readonly numbers: number
  readonly connections: number
  /** Calls at once for each connection. */
  readonly atOnce: number
  /** What the upstream takes for each call. */
  readonly latencyMs: number
}

/** Each number costs a publish and the read of it back. */
const CALLS = 2
const LOOK_MS = 250
const ADDED_AT_ONCE = 16

/** What the upstream's latency and the connections' limits alone take. */
export function leastMs({ numbers, connections, atOnce, latencyMs }: Fleet): number {
  return (numbers * CALLS * latencyMs) / (connections * atOnce)
}

/** Adds the numbers that the sandbox has. */
export async function addFleet(
  api: Requesting,
  graph: string,
  { numbers, connections, atOnce }: Fleet,
): Promise<void> {
  const { config, ...rest } = connectionTo(
    { urls: { graph, onprem: '', kaleyra: '', pbx: '' } },
    'graph',
  )
  const connection = { ...rest, config: { ...config, maxConcurrent: atOnce } }
  const connectionIds: string[] = []
  for (let made = 0; made < connections; made += 1) {
    connectionIds.push(await make(api, '/v1/connections', connection))
  }
  let next = 0
  const add = async () => {
    for (let index = next++; index < numbers; index = next++) {
      const connectionId = connectionIds[index % connections]
      await make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) })
    }
  }
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, add))
}

/**
 * Rotates all of them, and tells how long that took: from the request until it says itself that it ended, so that how
 * seldom it is asked costs nothing.
 * @throws Error where not every number ends verified
 */
export async function rotateFleet(
  api: Requesting,
  key: object,
  { numbers }: Fleet,
): Promise<number> {
  const began = Date.now()
  const { id } = await start(api, { numbers: { all: true }, key })
  for (;;) {
    const { status, counts, finishedAt } = await progress(api, id)
    if (finishedAt === null) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      continue
    }
    if (counts.verified === numbers) return Date.parse(finishedAt) - began
    const failed = await call(api, 'GET', `/v1/rotations/${id}/numbers?status=failed&limit=1`)
    throw new Error(`Cannot rotate: ${status}, ${failed.text}`)
  }
}
