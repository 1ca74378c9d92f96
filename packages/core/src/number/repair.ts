import type { RepairPolicy } from '../connection/repair-policy.ts'
import { DAY, type Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import { claimWrite } from './claim.ts'
import { intend } from './intend.ts'
import type { Loss, NumberState, RepairCause, Writing } from './state.ts'
import { event, type Step } from './transition.ts'
import { isCurrent } from './view.ts'

/** The span that a connection's budget of repairs is for. */
const BUDGET_MS = DAY

/** Whether a publish is under way, or it is not known what came of one: settling the number deals with that. */
export function isSettling({ queued, writing, doubt }: NumberState): boolean {
  return queued !== null || writing !== null || doubt !== null
}

/**
 * What has become of the key that Latchkey published, by the last read; null where it stands as it should, nobody can
 * tell, or there never was one. A former key of ours in its place is not foreign: it may be a very late write.
 */
export function lossOf(state: NumberState): Loss | null {
  const { desired, observed, history } = state
  if (desired === null || !isCurrent(state, observed)) return null
  const { status, fingerprint } = observed
  if (fingerprint === desired.fingerprint) return status === 'mismatch' ? 'mismatch' : null
  if (fingerprint !== null) return history.includes(fingerprint) ? 'outdated' : 'foreign'
  if (status === 'unset') return 'unset'
  // Something is there that cannot be read as a key: it was never ours.
  return status === 'mismatch' ? 'foreign' : null
}

export interface RepairRequest {
  readonly policy: RepairPolicy
  readonly cause: RepairCause
  readonly actor: Actor
  readonly now: Instant
}

export type Repair =
  | { readonly outcome: 'sound' | 'settling' | 'alerted'; readonly step: null }
  /** The budget is used up; told once a day. */
  | { readonly outcome: 'exhausted'; readonly step: Step | null }
  | { readonly outcome: 'begun'; readonly step: Step; readonly writing: Writing }

/** Starts to publish the key again that was lost, where its connection wants that and has not had enough of it. */
export function beginRepair(state: NumberState, request: RepairRequest): Repair {
  const { policy, cause, actor, now } = request
  if (isSettling(state)) return { outcome: 'settling', step: null }
  const { desired } = state
  const loss = lossOf(state)
  if (loss === null || desired === null) return { outcome: 'sound', step: null }
  const wanted = policy.mode === 'enforce' || (policy.mode === 'automatic' && loss !== 'foreign')
  if (!wanted) return { outcome: 'alerted', step: null }
  const made = recentRepairs(state, now)
  if (made.length >= policy.perDay) return exhausted(state, request, loss)
  const { pem, fingerprint, keyId, overlapMs } = desired
  const intended = intend(
    { ...state, repairs: { ...state.repairs, at: [...made, now] } },
    {
      publicKey: { pem, fingerprint },
      keyId,
      actor,
      at: now,
      ...(overlapMs === undefined ? {} : { overlapMs }),
      repair: { cause, loss },
    },
  )
  const claim = claimWrite(intended.next, intended.next.generation, now)
  if (claim.outcome !== 'granted') return { outcome: 'settling', step: null }
  const { next, events } = claim.step
  const step = { next, events: [...intended.events, ...events] }
  return { outcome: 'begun', step, writing: claim.writing }
}

/**
 * When repairs were made that count still. One that seems to have been made in the future, from where the clock has
 * come back, counts as made now: it is neither forgotten nor held against the number for as long as the clock went.
 */
function recentRepairs({ repairs }: NumberState, now: Instant): readonly Instant[] {
  return (repairs?.at ?? []).map((at) => Math.min(at, now)).filter((at) => at > now - BUDGET_MS)
}

function exhausted(state: NumberState, { policy, actor, now }: RepairRequest, loss: Loss): Repair {
  const at = recentRepairs(state, now)
  const told = Math.min(state.repairs?.exhaustedAt ?? -Infinity, now)
  const isTold = told > now - BUDGET_MS
  const repairs = { at, exhaustedAt: isTold ? told : now }
  // What is as it was need not be written again each time that the number is looked at.
  if (JSON.stringify(repairs) === JSON.stringify(state.repairs)) {
    return { outcome: 'exhausted', step: null }
  }
  const { fingerprint = null } = state.desired ?? {}
  const data = { loss, fingerprint, repairsPerDay: policy.perDay }
  const events = isTold ? [] : [event('key.repair_exhausted', now, actor, data)]
  return { outcome: 'exhausted', step: { next: { ...state, repairs }, events } }
}

/** The number with a repair taken off its budget that never reached the upstream. */
export function uncountRepair(state: NumberState, madeAt: Instant): Step {
  const { at = [] } = state.repairs ?? {}
  const index = at.lastIndexOf(madeAt)
  if (index === -1) return { next: state, events: [] }
  return {
    next: { ...state, repairs: { ...state.repairs, at: at.toSpliced(index, 1) } },
    events: [],
  }
}
