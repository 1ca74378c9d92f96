import type { OpenConnection } from '../connection/open.ts'
import { isFault } from '../fault/fault.ts'
import type { Services } from '../services.ts'

/** Ends a session at the upstream, where it counts those that are open. Where that fails, it ends by itself in time. */
export async function giveBack(
  services: Services,
  connection: OpenConnection,
  secret: string,
): Promise<void> {
  const exchange = connection.bound.session?.close
  if (exchange === undefined) return
  try {
    await services.upstream.perform({
      origin: connection.bound.origin,
      exchange,
      input: {},
      session: secret,
      lane: { key: connection.state.id, limit: connection.maxConcurrent },
      secrets: connection.secrets,
      attempts: 1,
    })
  } catch (error) {
    if (!isFault(error)) throw error
  }
}
