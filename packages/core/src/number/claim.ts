import type { Instant } from '../instant.ts'
import { leaveInDoubt, renewDoubt } from './doubt.ts'
import type { Intent, NumberState, Writing } from './state.ts'
import { inFlight, looked, WRITE_LEASE_MS } from './timing.ts'
import { event, type Step } from './transition.ts'

export type Claim =
  | { readonly outcome: 'granted'; readonly writing: Writing; readonly step: Step }
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
  const other = inFlight(state, now)
  if (other !== null) return { outcome: 'busy', until: other.leaseUntil }
  const { next, events } = abandonWrite(state, now)
  const doubt = next.doubt === null ? null : renewDoubt(next.doubt, now)
  return grant({ next: { ...next, queued: null, doubt }, events }, state.queued, now)
}

/** Starts a write of the desired key once more, under a new fence. It counts as a look at the doubt. */
export function claimResend(state: NumberState, now: Instant): Claim {
  const other = inFlight(state, now)
  if (other !== null) return { outcome: 'busy', until: other.leaseUntil }
  const { next, events } = abandonWrite(state, now)
  if (next.desired === null || next.queued !== null) return { outcome: 'gone' }
  const { acceptedAt: _, ...intent } = next.desired
  const doubt =
    next.doubt === null ? null : { ...looked(next.doubt, now), resends: next.doubt.resends + 1 }
  return grant({ next: { ...next, doubt }, events }, intent, now)
}

function grant({ next, events }: Step, intent: Intent, now: Instant): Claim {
  const fence = next.fence + 1
  const writing = { ...intent, fence, leaseUntil: now + WRITE_LEASE_MS }
  return {
    outcome: 'granted',
    writing,
    step: { next: { ...next, writing, fence, epoch: next.epoch + 1, updatedAt: now }, events },
  }
}

/**
 * A write whose lease has ended, its owner dead or cut off, turned into a desired key in doubt; otherwise the state
 * as it is.
 */
export function abandonWrite(state: NumberState, now: Instant): Step {
  const { writing } = state
  if (writing === null || inFlight(state, now) !== null) return { next: state, events: [] }
  const { generation, fingerprint, actor } = writing
  return {
    // The lease was longer than the first look would have waited.
    next: { ...leaveInDoubt(state, writing, { now, firstLook: 0 }), updatedAt: now },
    events: [
      event('key.publish_unknown', now, actor, { generation, fingerprint, abandoned: true }),
    ],
  }
}
