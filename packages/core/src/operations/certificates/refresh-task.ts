import type { ConnectionState } from '../../connection/state.ts'
import { openConnection } from '../../connection/open.ts'
import { isFault } from '../../fault/fault.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../instant.ts'
import type { Actor, TaskDraft } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { tryHold } from './hold.ts'
import { refreshHeld } from './refresh.ts'

/** The task of a connection that keeps certificates: read them all, once a day. */
export const REFRESH = 'refresh-certificates'

const REFRESHER: Actor = { kind: 'schedule', id: REFRESH }
/** Somebody who sets up a connection most often reads it at once; this is for who does not. */
const FIRST_MS = 20 * MINUTE
const RETRY_MS = HOUR
const BUSY_MS = MINUTE
/** Not all connections at the same second. */
const SPREAD_MS = 30 * MINUTE

/** What a connection needs for its certificates to be read; nothing where its provider has none. */
export function refreshTask(
  { providers, clock }: Pick<Services, 'providers' | 'clock'>,
  { provider }: ConnectionState,
): readonly TaskDraft[] {
  const reads = providers.get(provider)?.operationNames.includes('certificate.list') ?? false
  return reads ? [{ name: REFRESH, due: clock.now() + FIRST_MS }] : []
}

/** Reads a connection's certificates, and says when to come again; null where it is gone. */
export async function refreshOnSchedule(
  services: Services,
  connectionId: string,
): Promise<Instant | null> {
  const { clock, random, logger } = services
  try {
    const connection = await openConnection(services, connectionId)
    if (connection.bound.certificates === undefined) return null
    const attempt = await tryHold(services, connection, (hold) => refreshHeld(hold, REFRESHER))
    if (!attempt.held) return clock.now() + BUSY_MS
  } catch (error) {
    if (!isFault(error)) throw error
    if (error.code === 'not_found') return null
    logger.log('warn', 'Cannot read the certificates of a connection', {
      connection: connectionId,
      code: error.code,
    })
    // Refused credentials do not mend themselves, and some upstreams lock out who tries too often.
    return clock.now() + (error.code === 'upstream_unauthorized' ? DAY : RETRY_MS)
  }
  return clock.now() + DAY - Math.floor(random.fraction() * SPREAD_MS)
}
