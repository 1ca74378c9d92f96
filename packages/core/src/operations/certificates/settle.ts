import type { CertificateState } from '../../certificate/state.ts'
import { openConnection } from '../../connection/open.ts'
import { isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { advance } from './advance.ts'
import { certificateKey } from './commit.ts'
import { tryHold } from './hold.ts'
import { refreshPending } from './refresh.ts'
import { certificateKindOf } from './kind.ts'

const INSTALLER: Actor = { kind: 'schedule', id: 'install' }

/**
 * Moves a certificate on that is on its way: whoever sent it may have died, and the upstream may be at work. Answers
 * when to come again; null where nothing is left to do.
 */
export async function settleCertificate(services: Services, id: string): Promise<Instant | null> {
  const found = await services.ledger.read<CertificateState>(certificateKey(id))
  if (found === null || found.state.work === null) return null
  const after = await advanceNow(services, found.state)
  if (after === 'busy') return services.clock.now() + BUSY_MS
  return after?.work?.due ?? null
}

const BUSY_MS = 5_000

/** One look at a certificate that is somebody else's work at the upstream, unless somebody is at it. */
export async function lookNow(
  services: Services,
  { id, connectionId }: CertificateState,
): Promise<void> {
  const connection = await openConnection(services, connectionId)
  await tryHold(services, connection, async (hold) => {
    const present = await services.ledger.read<CertificateState>(certificateKey(id))
    if (present === null || present.state.work !== null) return
    await refreshPending(hold, present.state, INSTALLER)
  })
}

/** One turn at a certificate that is on its way, unless somebody is at it. */
export async function advanceNow(
  services: Services,
  { id, connectionId, purpose }: CertificateState,
): Promise<CertificateState | null | 'busy'> {
  const connection = await openConnection(services, connectionId).catch((error: unknown) => {
    if (isFault(error) && error.code === 'not_found') return null
    throw error
  })
  if (connection === null) return null
  const kind = certificateKindOf(connection, purpose)
  const attempt = await tryHold(services, connection, async (hold) => {
    const present = await services.ledger.read<CertificateState>(certificateKey(id))
    if (present === null) return null
    const options = { actor: INSTALLER, kind, isPatient: true }
    return (await advance(hold, present.state, options)).state
  })
  return attempt.held ? attempt.result : 'busy'
}
