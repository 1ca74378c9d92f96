import { Agent, request } from 'node:http'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { fleetNumberId, SAMPLE } from '@latchkey/sandbox'
import { call, connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { progress, start } from '../api/harness/rotation-calls.ts'
import type { Row } from './table/row.ts'

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
/** Numbers that a bare client calls for: what all of them would take is in proportion. */
const MEASURED = 1_000
const ADDED_AT_ONCE = 16

/** How long a rotation took, and how long a bare client takes for the same calls. */
export interface Taken {
  readonly ms: number
  readonly bareMs: number
}

/** What a rotation takes in place of what the upstream and the limits alone take, which has a bound; and to the letter. */
export function rotationRows(
  fleet: Fleet,
  taken: Taken,
  { id, what, bound }: Pick<Row, 'id' | 'what' | 'bound'>,
): readonly Row[] {
  const row = { unit: '×', direction: 'at most' } as const
  const { numbers, connections, atOnce, latencyMs } = fleet
  return [
    {
      ...row,
      id,
      what: `Rotating ${numbers} numbers of ${connections} connections to ${what}, against a bare client that makes the same calls, ${atOnce} at once for each connection`,
      value: taken.ms / taken.bareMs,
      bound,
    },
    {
      ...row,
      id: `${id}-nominal`,
      what: `The same against ${latencyMs} ms for each call, which the upstream’s timers and its own work exceed`,
      value: taken.ms / nominalMs(fleet),
      bound: null,
    },
  ]
}

/** What the upstream's latency as it was set and the connections' limits alone take. */
function nominalMs({ numbers, connections, atOnce, latencyMs }: Fleet): number {
  return (numbers * CALLS * latencyMs) / (connections * atOnce)
}

/**
 * What the upstream and the limits alone take, its timers and its own work with them: a client that does nothing but
 * the same calls, as many at once, for some of the numbers.
 */
export async function bareMs(graph: string, fleet: Fleet): Promise<number> {
  const clients = fleet.connections * fleet.atOnce
  const numbers = Math.min(fleet.numbers, MEASURED)
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  let next = 0
  const work = async () => {
    for (let index = next++; index < numbers; index = next++) {
      const url = `${graph}/${SAMPLE.graph.version}/${fleetNumberId(index)}/whatsapp_business_encryption`
      await sendBare(agent, url, 'POST')
      await sendBare(agent, url, 'GET')
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: clients }, work))
  agent.destroy()
  return ((performance.now() - began) * fleet.numbers) / numbers
}

function sendBare(agent: Agent, url: string, method: 'POST' | 'GET'): Promise<void> {
  const headers = {
    authorization: `Bearer ${SAMPLE.graph.accessToken}`,
    ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const body = new URLSearchParams({ business_public_key: FIXTURE_PEM }).toString()
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`${method} ${url} answered ${answer.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end(method === 'GET' ? undefined : body)
  })
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
