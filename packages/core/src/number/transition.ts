import type { Instant } from '../instant.ts'
import type { Actor, EventDraft, JsonObject, TaskDraft } from '../ledger/ledger.ts'
import type { NumberState } from './state.ts'
import { QUEUE_PATIENCE_MS } from './timing.ts'

/** The one task of a number: look at what is queued, in flight or in doubt. */
export const SETTLE = 'settle'

/** A step of the machine: the state after it, and what the audit log is to say. */
export interface Step {
  readonly next: NumberState
  readonly events: readonly EventDraft[]
}

export function event(type: string, at: Instant, actor: Actor, data: JsonObject): EventDraft {
  return { type, at, actor, data }
}

/** When the number has to be looked at again, given all that is open in its state; null where nothing is. */
export function settleDue(state: NumberState): Instant | null {
  if (state.writing !== null) return state.writing.leaseUntil
  if (state.queued !== null) return state.queued.at + QUEUE_PATIENCE_MS
  return state.doubt === null ? null : state.doubt.due
}

export function settleTask(state: NumberState): TaskDraft {
  return { name: SETTLE, due: settleDue(state) }
}
