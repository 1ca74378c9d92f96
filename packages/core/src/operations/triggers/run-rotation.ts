import { Fault, isFault } from '../../fault/fault.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../instant.ts'
import type { Services } from '../../services.ts'
import { runReceiptId, type RunState } from '../../trigger/run.ts'
import type { TriggerTarget } from '../../trigger/state.ts'
import type { Selector } from '../rotation/select.ts'
import { runActor } from './commit-run.ts'
import type { Turn } from './turn.ts'

/** Longer than a task may run: who claims it after that is the only one. */
const CLAIM_MS = 3 * MINUTE
const CLAIM_KEPT_MS = 7 * DAY
const BUSY_MS = 30 * SECOND
/** How often, and how long, another rotation that has some of the numbers is waited for; one may have been left half begun. */
const WAIT_MS = MINUTE
const WAIT_MAX_MS = HOUR

/** Starts the rotation of a run, once: what follows is the rotation's own business. */
export async function runRotation(services: Services, run: RunState): Promise<Turn> {
  const { rotation, connections } = run
  if (rotation === null) throw new Fault('internal', 'Cannot rotate: the trigger does not say how')
  const id = runReceiptId(run.id)
  const now = services.clock.now()
  const claim = await services.ledger.claimReceipt('registry', {
    id,
    digest: id,
    now,
    leaseMs: CLAIM_MS,
    keepMs: CLAIM_KEPT_MS,
  })
  if (claim.outcome === 'replay') return startedBy(claim.response.body)
  if (claim.outcome !== 'claimed') return { again: now + BUSY_MS }
  const { holder } = claim
  const { startRotation } = await import('../rotation/index.ts')
  try {
    const { id: rotationId } = await startRotation(
      services,
      {
        actor: runActor(run),
        sees: (connectionId) => connections === null || connections.includes(connectionId),
        receipt: {
          id,
          holder,
          render: (started) => ({ status: 202, headers: {}, body: started.id }),
        },
      },
      {
        selector: selectorOf(run.target),
        key: { generate: rotation.generate },
        overlapMs: rotation.overlapMs,
      },
    )
    return startedBy(rotationId)
  } catch (error) {
    await services.ledger.releaseReceipt('registry', id, holder)
    const waited = services.clock.now() - run.receivedAt
    if (!isFault(error) || error.code !== 'conflict' || waited > WAIT_MAX_MS) throw error
    return { again: services.clock.now() + WAIT_MS }
  }
}

function startedBy(rotationId: string): Turn {
  return { over: { done: 1, failed: 0, problem: null, made: rotationId } }
}

function selectorOf(target: TriggerTarget): Selector {
  if ('numberId' in target) return { numbers: [target.numberId] }
  if ('numbers' in target) return { numbers: target.numbers }
  if ('certificateId' in target) {
    throw new Fault('internal', 'Cannot rotate: the trigger is for a certificate')
  }
  const { connectionId, provider } = target
  return {
    ...(connectionId === undefined ? {} : { connectionId }),
    ...(provider === undefined ? {} : { provider }),
  }
}
