import type { Instant } from '../instant.ts'
import type { Actor, EventDraft } from '../ledger/ledger.ts'
import type { KeyReading } from '../public-key.ts'
import { abandonWrite } from './claim.ts'
import { confirms } from './conclude.ts'
import { isForeign, seenOurs } from './doubt.ts'
import { repairedEvents } from './repaired.ts'
import { observe } from './observe.ts'
import type { Doubt, NumberState } from './state.ts'
import { inFlight, looked, QUEUE_PATIENCE_MS, RESENDS_MAX, settled } from './timing.ts'
import { event, type Step } from './transition.ts'

/** What the settle task has to do with a number as it stands. */
export type Plan =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: Instant }
  /** Nobody carries out the queued intent (its requester died): do it now. */
  | { readonly do: 'carry_out'; readonly generation: number }
  | { readonly do: 'read' }
  | { readonly do: 'resend' }
  /** Nothing can be read and enough was sent: leave it, and say so. */
  | { readonly do: 'give_up' }

export function planSettle(state: NumberState, now: Instant, readable: boolean): Plan {
  const writing = inFlight(state, now)
  if (writing !== null) return { do: 'wait', until: writing.leaseUntil }
  if (state.queued !== null) {
    const until = state.queued.at + QUEUE_PATIENCE_MS
    if (now < until) return { do: 'wait', until }
    return { do: 'carry_out', generation: state.queued.generation }
  }
  const { doubt } = abandonWrite(state, now).next
  if (doubt === null) return { do: 'nothing' }
  if (now < doubt.due) return { do: 'wait', until: doubt.due }
  if (readable) return { do: 'read' }
  return doubt.resends < RESENDS_MAX ? { do: 'resend' } : { do: 'give_up' }
}

export interface Settlement {
  readonly step: Step
  /** The upstream does not hold what was asked for, and nobody else is to blame: publish it again. */
  readonly resend: boolean
}

/**
 * Takes in what a look at a number in doubt showed. A read begun in another epoch, or made while a write is in
 * flight, proves nothing.
 */
export function settleReading(
  state: NumberState,
  reading: KeyReading,
  options: { readonly epoch: number; readonly now: Instant; readonly actor: Actor },
): Settlement {
  const { now, actor } = options
  const { doubt, desired } = state
  const overtaken = state.epoch !== options.epoch || state.writing !== null
  if (doubt === null || desired === null || overtaken) {
    return { step: { next: state, events: [] }, resend: false }
  }
  const seen = observe(state, reading, { now, actor })
  const same = reading.publicKey?.fingerprint === desired.fingerprint
  // A key that is called valid but not shown is no reason to send another.
  const hidden = reading.publicKey === null && reading.status === 'valid'
  const resend = !same && !hidden && !isForeign(state, reading) && doubt.resends < RESENDS_MAX
  const after = afterLook(doubt, now)
  const confirmed = confirms(reading, desired.fingerprint)
  const left = confirmed ? seenOurs(after, seen.next.observed) : after
  const next = resend ? seen.next : { ...seen.next, doubt: left }
  if (desired.acceptedAt !== null) return { step: { next, events: seen.events }, resend }
  if (!confirmed) {
    const last = next.doubt === null ? [unresolved(state, now, actor)] : []
    return { step: { next, events: [...seen.events, ...last] }, resend }
  }
  const published = event('key.published', now, actor, {
    generation: desired.generation,
    fingerprint: desired.fingerprint,
    keyId: desired.keyId,
    verified: true,
    late: true,
  })
  const { repair: _repair, ...intent } = desired
  return {
    step: {
      next: { ...next, desired: { ...intent, acceptedAt: now } },
      events: [published, ...repairedEvents(desired, now, actor), ...seen.events],
    },
    resend,
  }
}

function afterLook(doubt: Doubt, now: Instant): Doubt | null {
  return settled(doubt, now) ? null : looked(doubt, now)
}

/** A look that failed: the doubt stays, and the next look is later. */
export function settleFailed(state: NumberState, now: Instant): Step {
  if (state.doubt === null) return { next: state, events: [] }
  return { next: { ...state, doubt: looked(state.doubt, now) }, events: [] }
}

/** Ends a doubt that no further call can resolve. */
export function giveUp(state: NumberState, now: Instant, actor: Actor): Step {
  return {
    next: { ...state, doubt: null, updatedAt: now },
    events: [unresolved(state, now, actor)],
  }
}

/** The log's last word on a key of which it never became known that the upstream took it. */
function unresolved({ desired }: NumberState, now: Instant, actor: Actor): EventDraft {
  return event('key.publish_unresolved', now, actor, {
    generation: desired?.generation ?? null,
    fingerprint: desired?.fingerprint ?? null,
  })
}
