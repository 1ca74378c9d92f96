import type { CertificateState, Work } from '../../certificate/state.ts'
import { MATERIAL_KEPT_MS } from '../../certificate/timing.ts'
import { markFailed } from '../../certificate/work.ts'
import { openConnection } from '../../connection/open.ts'
import { type Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { advance } from './advance.ts'
import { certificateKey, commitStep } from './commit.ts'
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
  try {
    const after = await advanceNow(services, found.state)
    if (after === 'busy') return services.clock.now() + BUSY_MS
    return after?.work?.due ?? null
  } catch (error) {
    if (!isFault(error) || !isHopeless(error, found.state.work, services.clock.now())) throw error
    const problem = `It could not be brought there: ${error.message}`
    const by = { actor: INSTALLER, now: services.clock.now() }
    await commitStep(services, found.state, markFailed(found.state, by, problem))
    return null
  }
}

/** Credentials may no longer open, or the connection no longer take any: what is sealed must not wait for ever. */
function isHopeless({ code }: Fault, { since, material }: Work, now: Instant): boolean {
  return code === 'unsupported_operation' || (material !== null && now - since > MATERIAL_KEPT_MS)
}

const BUSY_MS = 5_000

/** One look at a certificate that is somebody else's work at the upstream, unless somebody is at it. */
export async function lookNow(
  services: Services,
  { id, connectionId, purpose }: CertificateState,
): Promise<void> {
  const connection = await openConnection(services, connectionId)
  const kind = certificateKindOf(connection, purpose)
  await tryHold(services, connection, async (hold) => {
    const present = await services.ledger.read<CertificateState>(certificateKey(id))
    if (present === null || present.state.work !== null) return
    await refreshPending(hold, present.state, { kind, actor: INSTALLER })
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
