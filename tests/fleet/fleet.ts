import { fleetNumberId, type Sandbox } from '@latchkey/sandbox'
import { connectionTo, make, type Requesting } from '../api/harness/client.ts'
import { urlsOf } from '../api/harness/harness.ts'

const ADDED_AT_ONCE = 10

/** Adds so many numbers of the sandbox's fleet, dealt out to so many connections. */
export async function addFleet(
  api: Requesting,
  sandbox: Sandbox,
  fleet: { readonly size: number; readonly connections: number; readonly atOnce: number },
): Promise<void> {
  const { size, connections, atOnce } = fleet
  await sandbox.control.reset({ graphNumbers: size })
  await sandbox.control.setKnobs('graph', { hourlyLimit: 1_000_000 })
  const { config, ...rest } = connectionTo({ urls: urlsOf(sandbox) }, 'graph')
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
export async function writtenTo(sandbox: Sandbox): Promise<number> {
  const { numbers } = await sandbox.control.state('graph')
  return numbers.filter(({ writes }) => writes > 0).length
}
