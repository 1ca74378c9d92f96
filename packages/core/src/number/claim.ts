import type { Instant } from '../instant.ts'
import { openDoubt } from './doubt.ts'
import type { NumberState, Writing } from './state.ts'
import { looked, WRITE_LEASE_MS } from './timing.ts'

export type Claim =
  | { readonly outcome: 'granted'; readonly writing: Writing; readonly next: NumberState }
  /** Another write is in flight; ask again, at the latest when its lease ends. */
  | { readonly outcome: 'busy'; readonly until: Instant }
  /** A newer intent took its place, or somebody else has carried it out. */
  | { readonly outcome: 'gone' }

/**
 * Starts the write of a queued intent, if no other is in flight. A write whose lease has ended counts as
 * one whose outcome nobody knows: it becomes the desired key in doubt.
 */
export function claimWrite(state: NumberState, generation: number, now: Instant): Claim {
  if (state.queued?.generation !== generation) return { outcome: 'gone' }
  if (state.writing !== null && now < state.writing.leaseUntil) {
    return { outcome: 'busy', until: state.writing.leaseUntil }
  }
  const settledState = abandonWrite(state, now)
  const writing = {
    ...state.queued,
    fence: state.fence + 1,
    leaseUntil: now + WRITE_LEASE_MS,
  }
  return {
    outcome: 'granted',
    writing,
    next: {
      ...settledState,
      queued: null,
      writing,
      fence: writing.fence,
      epoch: state.epoch + 1,
      updatedAt: now,
    },
  }
}

/** Starts a write of the desired key once more, under a new fence. It counts as a look at the doubt. */
export function claimResend(state: NumberState, now: Instant): Claim {
  if (state.writing !== null && now < state.writing.leaseUntil) {
    return { outcome: 'busy', until: state.writing.leaseUntil }
  }
  if (state.desired === null || state.queued !== null) return { outcome: 'gone' }
  const { acceptedAt: _, ...intent } = state.desired
  const writing = { ...intent, fence: state.fence + 1, leaseUntil: now + WRITE_LEASE_MS }
  return {
    outcome: 'granted',
    writing,
    next: {
      ...state,
      writing,
      fence: writing.fence,
      epoch: state.epoch + 1,
      updatedAt: now,
      doubt:
        state.doubt === null
          ? null
          : { ...looked(state.doubt, now), resends: state.doubt.resends + 1 },
    },
  }
}

/** A write whose lease has ended, turned into a desired key in doubt; otherwise the state as it is. */
export function abandonWrite(state: NumberState, now: Instant): NumberState {
  const { writing } = state
  if (writing === null || now < writing.leaseUntil) return state
  const { fence: _fence, leaseUntil: _lease, ...intent } = writing
  return {
    ...state,
    writing: null,
    epoch: state.epoch + 1,
    desired: { ...intent, acceptedAt: null },
    // The lease was longer than the first look would have waited.
    doubt: openDoubt(state, now, 0),
  }
}
