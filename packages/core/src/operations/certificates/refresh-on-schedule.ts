import { openConnection } from '../../connection/open.ts'
import { isFault } from '../../fault/fault.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { tryHold } from './hold.ts'
import { REFRESH } from './refresh-task.ts'
import { refreshHeld } from './refresh.ts'

const REFRESHER: Actor = { kind: 'schedule', id: REFRESH }
const RETRY_MS = HOUR
const BUSY_MS = MINUTE
/** Not all connections at the same second. */
const SPREAD_MS = 30 * MINUTE

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
