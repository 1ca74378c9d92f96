import { REFRESH } from '../../certificate/tasks.ts'
import { openConnection } from '../../connection/open.ts'
import { type Fault, isFault } from '../../fault/fault.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { tryHold } from './hold.ts'
import { refreshHeld } from './refresh.ts'

const REFRESHER: Actor = { kind: 'schedule', id: REFRESH }
const RETRY_MS = HOUR
const BUSY_MS = MINUTE
/** Not all connections at the same second. */
const SPREAD_MS = 30 * MINUTE

/**
 * What came of reading a connection's certificates: it is gone, or has none; or when to try again, and why it failed
 * (null: somebody else changes them just now).
 */
export type Reading = 'read' | 'gone' | { readonly retryAt: Instant; readonly fault: Fault | null }

/** Reads a connection's certificates, and says when to come again; null where it is gone. */
export async function refreshOnSchedule(
  services: Services,
  connectionId: string,
): Promise<Instant | null> {
  const { clock, random } = services
  const reading = await readCertificatesAs(services, connectionId, REFRESHER)
  if (reading === 'gone') return null
  if (reading !== 'read') return reading.retryAt
  return clock.now() + DAY - Math.floor(random.fraction() * SPREAD_MS)
}

/** Reads a connection's certificates, unless somebody else changes them just now. */
export async function readCertificatesAs(
  services: Services,
  connectionId: string,
  actor: Actor,
): Promise<Reading> {
  const { clock, logger } = services
  try {
    const connection = await openConnection(services, connectionId)
    if (connection.bound.certificates === undefined) return 'gone'
    const attempt = await tryHold(services, connection, (hold) => refreshHeld(hold, actor))
    return attempt.held ? 'read' : { retryAt: clock.now() + BUSY_MS, fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    if (error.code === 'not_found') return 'gone'
    logger.log('warn', 'Cannot read the certificates of a connection', {
      connection: connectionId,
      code: error.code,
    })
    // Refused credentials do not mend themselves, and some upstreams lock out who tries too often.
    const pause = error.code === 'upstream_unauthorized' ? DAY : RETRY_MS
    return { retryAt: clock.now() + pause, fault: error }
  }
}
