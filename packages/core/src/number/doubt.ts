import type { Instant } from '../instant.ts'
import type { KeyReading } from '../public-key.ts'
import { remember } from './history.ts'
import { LATE_MS, retireReplaced } from './ring.ts'
import type { Doubt, NumberState, Observation, Writing } from './state.ts'
import { FIRST_LOOK_MS } from './timing.ts'

/** A doubt that begins now; what was there before an older one, and its resends, still count. */
export function openDoubt(state: NumberState, now: Instant, firstLook = FIRST_LOOK_MS): Doubt {
  return {
    since: now,
    due: now + firstLook,
    before: state.doubt === null ? state.observed : state.doubt.before,
    checks: 0,
    resends: state.doubt?.resends ?? 0,
  }
}

/** The state after a write whose outcome nobody knows: its key is the desired one, in doubt. */
export function leaveInDoubt(
  state: NumberState,
  written: Writing,
  { now, firstLook }: { readonly now: Instant; readonly firstLook?: number },
): NumberState {
  const { fence: _fence, leaseUntil: _lease, ...intent } = written
  // The upstream took this very key before: another copy of it is no hurry, but may still come after a newer key.
  const taken = state.desired?.generation === written.generation ? state.desired.acceptedAt : null
  const doubt =
    taken === null || state.doubt === null
      ? openDoubt(state, now, firstLook)
      : { ...state.doubt, since: now }
  return {
    ...state,
    ...retireReplaced(state, intent, now),
    writing: null,
    epoch: state.epoch + 1,
    history: remember(state.history, written.fingerprint),
    desired: { ...intent, lateUntil: now + LATE_MS, acceptedAt: taken },
    doubt,
  }
}

/** The doubt as a new intent finds it: looked at as soon, and its key sent as often, as if nothing had been tried. */
export function renewDoubt(doubt: Doubt, now: Instant): Doubt {
  return { ...doubt, due: Math.min(doubt.due, now + FIRST_LOOK_MS), checks: 0, resends: 0 }
}

/** The doubt after our key was seen in its place: whatever else comes there later, and is not ours, is foreign. */
export function seenOurs(doubt: Doubt | null, seen: Observation | null): Doubt | null {
  return doubt === null ? null : { ...doubt, before: seen }
}

/**
 * Whether somebody other than Latchkey wrote the key that was read: it is neither one of ours, however late,
 * nor what was there before. Where it was not known what was there before, nobody can be accused.
 */
export function isForeign(state: NumberState, reading: KeyReading): boolean {
  const seen = reading.publicKey?.fingerprint
  if (seen === undefined || state.history.includes(seen)) return false
  const before = state.doubt === null ? state.observed : state.doubt.before
  return before !== null && before.fingerprint !== seen
}
