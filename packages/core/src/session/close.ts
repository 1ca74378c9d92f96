import type { OpenConnection } from '../connection/open.ts'
import { isFault } from '../fault/fault.ts'
import type { Services } from '../services.ts'
import { openKept } from './kept.ts'
import { NO_SESSION, sessionKey, sessionOf, type SessionState } from './state.ts'

/**
 * Ends the connection's session, so that it does not outlive the credentials that opened it: forgets it here, and
 * gives it back where the upstream counts those that are open. Where that fails, it ends by itself in time.
 */
export async function closeSession(services: Services, connection: OpenConnection): Promise<void> {
  const key = sessionKey(connection.state.id)
  const kept = await services.ledger.mutate<SessionState, SessionState | null>(key, (session) => {
    if (session === null) return { result: null }
    const next = { ...NO_SESSION, serial: session.serial + 1 }
    return { result: session, next, labels: {} }
  })
  const exchange = connection.bound.session?.close
  const { sealed, expiresAt } = sessionOf(connection.state, kept)
  if (exchange === undefined || sealed === null) return
  if (expiresAt !== null && expiresAt <= services.clock.now()) return
  try {
    const { secret } = await openKept(services, connection.state.id, sealed)
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
