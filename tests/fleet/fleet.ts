import { fleetNumberId } from '@latchkey/sandbox'
import type { SandboxControl } from '@latchkey/sandbox/control'
import { expect } from 'vitest'
import { connectionTo, make, type Requesting } from '../api/harness/client.ts'
import type { SandboxUrls } from '../api/harness/harness.ts'

const ADDED_AT_ONCE = 10

/** How many numbers of how many connections are called for, and how many calls a connection has at once. */
export interface FleetSize {
  readonly size: number
  readonly connections: number
  readonly atOnce: number
}

/** Adds so many numbers of the sandbox's fleet, dealt out to so many connections. */
export async function addFleet(
  api: Requesting,
  { control, urls }: { readonly control: SandboxControl; readonly urls: SandboxUrls },
  { size, connections, atOnce }: FleetSize,
): Promise<void> {
  await control.reset({ graphNumbers: size })
  await control.setKnobs('graph', { hourlyLimit: 1_000_000 })
  const { config, ...rest } = connectionTo({ urls }, 'graph')
  const connection = { ...rest, config: { ...config, maxConcurrent: atOnce } }
  for (let which = 0; which < connections; which += 1) {
    const connectionId = await make(api, '/v1/connections', connection)
    const indexes = Array.from({ length: size / connections }, (_, n) => n * connections + which)
    for (let at = 0; at < indexes.length; at += ADDED_AT_ONCE) {
      await Promise.all(
        indexes
          .slice(at, at + ADDED_AT_ONCE)
          .map((index) =>
            make(api, '/v1/numbers', { connectionId, upstreamId: fleetNumberId(index) }),
          ),
      )
    }
  }
}

/** How many numbers were written to at all. */
export async function writtenTo(control: SandboxControl): Promise<number> {
  const { numbers } = await control.state('graph')
  return numbers.filter(({ writes }) => writes > 0).length
}

/**
 * Holds, by the upstream's own count, that a rotation wrote to each number once; twice at most to as many as were under
 * way when somebody was killed. Answers the keys that the upstream has now.
 */
export async function writtenOnce(
  control: SandboxControl,
  { underWay }: { readonly underWay: number },
): Promise<ReadonlySet<string>> {
  const { numbers } = await control.state('graph')
  const writes = numbers.map((number) => number.writes)
  expect(Math.min(...writes)).toBe(1)
  expect(Math.max(...writes)).toBeLessThanOrEqual(2)
  expect(writes.filter((count) => count === 2).length).toBeLessThanOrEqual(underWay)
  return new Set(numbers.flatMap(({ key }) => key?.pem ?? []))
}
