import type { OpenConnection } from '../connection/open.ts'
import { isFault } from '../fault/fault.ts'
import type { Services } from '../services.ts'
import { giveBack } from './give-back.ts'
import { openKept } from './kept.ts'
import { NO_SESSION, sessionKey, type SessionState } from './state.ts'

/**
 * Ends the session that was opened with the connection's settings, so that it does not outlive them: forgets it here,
 * and gives it back. One that was opened with others is left alone.
 */
export async function closeSession(services: Services, connection: OpenConnection): Promise<void> {
  const { id, updatedAt } = connection.state
  const ended = await services.ledger.mutate<SessionState, SessionState | null>(
    sessionKey(id),
    (session) => {
      if (session?.configuredAt !== updatedAt) return { result: null }
      const next = { ...NO_SESSION, serial: session.serial + 1 }
      return { result: session, next, labels: {} }
    },
  )
  if (ended === null || ended.sealed === null) return
  if (ended.expiresAt !== null && ended.expiresAt <= services.clock.now()) return
  try {
    const { secret } = await openKept(services, id, ended.sealed)
    await giveBack(services, connection, secret)
  } catch (error) {
    if (!isFault(error)) throw error
  }
}
