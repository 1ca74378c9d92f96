import { repairPolicyOf } from '../../connection/repair-policy.ts'
import { beginRepair, isSettling, lossOf, type Repair, uncountRepair } from '../../number/repair.ts'
import type { RepairCause, Writing } from '../../number/state.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { supports } from '../call-upstream.ts'
import { write } from './carry-out.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import { loadNumber, type LoadedNumber } from './load.ts'
import { lookUpstream } from './look.ts'

export type CheckOutcome =
  /** The provider has no safe read: nothing was called. */
  | 'unsupported'
  /** A publish is open, or what came of one; settling the number finds out and sends again what was lost. */
  | 'settling'
  | 'sound'
  /** The key is lost, and is not to be published again: the log has it as `key.mismatch`. */
  | 'alerted'
  | 'exhausted'
  | 'repaired'

export interface CheckRequest {
  readonly numberId: string
  readonly actor: Actor
  readonly cause: RepairCause
}

/**
 * Reads a number's key from its upstream, and does about a loss what the connection's `repair` says.
 * @throws Fault not_found, upstream_* (the read failed, or the upstream refused the key)
 */
export async function checkNumber(
  services: Services,
  { numberId, actor, cause }: CheckRequest,
): Promise<CheckOutcome> {
  const loaded = await loadNumber(services, numberId)
  const { connection, readable } = loaded
  if (!readable || !supports(connection, 'encryptionKey.read')) return 'unsupported'
  if (isSettling(loaded.number)) return 'settling'
  const { state } = await lookUpstream(services, loaded, actor)
  if (isSettling(state)) return 'settling'
  if (lossOf(state) === null) return 'sound'
  const policy = repairPolicyOf(connection.state.config)
  const now = services.clock.now()
  const repair = await mutateNumber<Repair>(services, numberId, (present) => {
    const begun = beginRepair(present, { policy, cause, actor, now })
    if (begun.step === null) return { result: begun }
    return numberDecision(begun.step, { readable, result: begun })
  })
  if (repair.outcome !== 'begun') return repair.outcome
  return carryOutRepair(services, loaded, repair.writing)
}

async function carryOutRepair(
  services: Services,
  loaded: LoadedNumber,
  writing: Writing,
): Promise<CheckOutcome> {
  const carried = await write(services, loaded, writing, { actor: writing.actor, verify: true })
  if (carried.outcome !== 'done') return 'settling'
  const { write: outcome } = carried
  if (outcome.kind === 'accepted') return 'repaired'
  if (outcome.kind === 'unknown') return 'settling'
  if (outcome.fault.retryable) {
    const { readable, number } = loaded
    await mutateNumber(services, number.id, (state) =>
      numberDecision(uncountRepair(state, writing.at), { readable, result: null }),
    )
  }
  throw outcome.fault
}
