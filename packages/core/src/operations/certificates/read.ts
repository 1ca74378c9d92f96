import type { CertificateState } from '../../certificate/state.ts'
import { ASK_AGAIN_MS } from '../../certificate/timing.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { type Instant, MINUTE } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { certificateKey, loadCertificate, noCertificate } from './commit.ts'
import { readCertificates } from './entries.ts'
import { readInventory, tryHold } from './hold.ts'
import { certificateKindsOf } from './kind.ts'
import { refreshHeld } from './refresh.ts'
import { advanceNow, lookNow } from './settle.ts'

/** A list read from the upstream within this time is not read again, unless somebody asks for a fresh one. */
const FRESH_MS = MINUTE
/** An upstream that does not answer is no reason to hide what it said within this time. */
const STALE_MAX_MS = 15 * MINUTE

/**
 * All certificates of a connection, read from the upstream where the last reading is not fresh.
 * @throws Fault not_found, unsupported_operation, upstream_* where there is no reading young enough to stand in
 */
export async function readAllCertificates(
  services: Services,
  actor: Actor,
  { connectionId, fresh }: { readonly connectionId: string; readonly fresh: boolean },
): Promise<readonly CertificateState[]> {
  const connection = await openConnection(services, connectionId)
  certificateKindsOf(connection)
  const { refreshedAt } = await readInventory(services, connectionId)
  const age = ageOf(refreshedAt, services.clock.now())
  if (fresh || age > FRESH_MS) {
    try {
      // While somebody else changes something, what is kept is as good.
      await tryHold(services, connection, (hold) => refreshHeld(hold, actor))
    } catch (error) {
      if (!isFault(error)) throw error
      if (error.code !== 'conflict' && (fresh || age > STALE_MAX_MS)) throw error
    }
  }
  return readCertificates(services, connectionId)
}

/** One certificate; one that is pending is asked after anew. @throws Fault not_found */
export async function readCertificate(
  services: Services,
  certificateId: string,
): Promise<CertificateState> {
  const state = await loadCertificate(services, certificateId)
  const isWaiting =
    state.work === null ? state.status === 'pending' : state.work.phase !== 'sending'
  if (!isWaiting) return state
  if (ageOf(state.observedAt, services.clock.now()) < ASK_AGAIN_MS) return state
  try {
    await (state.work === null ? lookNow(services, state) : advanceNow(services, state))
  } catch (error) {
    if (!isFault(error)) throw error
  }
  const after = await services.ledger.read<CertificateState>(certificateKey(certificateId))
  if (after === null) throw noCertificate(certificateId)
  return after.state
}

/** The certificates in PEM, without any private key. @throws Fault not_found, unsupported_operation */
export async function readCertificatePem(
  services: Services,
  certificateId: string,
): Promise<string> {
  const { bundle } = await readCertificate(services, certificateId)
  if (bundle !== null) return bundle.pem
  throw new Fault(
    'unsupported_operation',
    'Cannot show PEM: the upstream does not give it, and Latchkey did not upload it',
  )
}

/** A reading from the future was made before the clock went back: nobody knows its age. */
function ageOf(at: Instant | null, now: Instant): number {
  return at === null || at > now ? Number.POSITIVE_INFINITY : now - at
}
