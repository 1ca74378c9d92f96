import type { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { Actor, JsonObject } from '../ledger/ledger.ts'
import type { Fingerprint, KeyReading } from '../public-key.ts'
import { leaveInDoubt, openDoubt, seenOurs } from './doubt.ts'
import { remember } from './history.ts'
import { observe } from './observe.ts'
import { repairedEvents } from './repaired.ts'
import { latenessOf, retireReplaced } from './ring.ts'
import { endRotation } from './rotate.ts'
import type { Doubt, NumberState, Writing } from './state.ts'
import { settled } from './timing.ts'
import { event, type Step } from './transition.ts'

/** What a write came to. A reading is there where the key was read back after it. */
export type WriteOutcome =
  | { readonly kind: 'accepted'; readonly reading: KeyReading | null; readonly answer: JsonObject }
  /** The upstream said no: it certainly holds what it held before. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'unknown'; readonly fault: Fault }

export type Conclusion =
  | { readonly held: true; readonly step: Step }
  /** The lease had ended and another owner moved the number on: this outcome is dropped. */
  | { readonly held: false }

/** Ends a write. `readable`: the provider has a safe read, so that a reading is owed. */
export function concludeWrite(
  state: NumberState,
  written: Writing,
  outcome: WriteOutcome,
  options: { readonly now: Instant; readonly readable: boolean; readonly actor: Actor },
): Conclusion {
  const { now, readable, actor } = options
  if (state.writing?.fence !== written.fence) return { held: false }
  const base = { ...state, writing: null, epoch: state.epoch + 1, updatedAt: now }
  const about = { generation: written.generation, fingerprint: written.fingerprint }

  if (outcome.kind === 'refused') {
    const problem = { code: outcome.fault.code, ...upstreamOf(outcome.fault) }
    return {
      held: true,
      step: {
        next: base,
        events: [event('key.publish_failed', now, actor, { ...about, ...problem })],
      },
    }
  }
  if (outcome.kind === 'unknown') {
    const problem = { code: outcome.fault.code, ...upstreamOf(outcome.fault) }
    return {
      held: true,
      step: {
        next: { ...leaveInDoubt(state, written, { now }), updatedAt: now },
        events: [event('key.publish_unknown', now, actor, { ...about, ...problem })],
      },
    }
  }
  const { fence: _fence, leaseUntil: _lease, repair: _repair, ...intent } = written
  const history = remember(state.history, written.fingerprint)
  const accepted = {
    ...base,
    ...retireReplaced(state, intent, now),
    history,
    desired: { ...intent, ...latenessOf(state, intent), acceptedAt: now },
  }
  const confirmed = confirms(outcome.reading, written.fingerprint)
  const published = event('key.published', now, actor, {
    ...about,
    keyId: written.keyId,
    verified: confirmed,
    answer: outcome.answer,
  })
  const taken = { ...accepted, doubt: doubtAfter(state, { confirmed, readable, now }) }
  const { next, events: rotated } =
    confirmed || !readable ? endRotation(taken, now, actor) : { next: taken, events: [] }
  const events = [...repairedEvents(written, now, actor), ...rotated]
  if (outcome.reading === null || !belongs(outcome.reading, written.fingerprint)) {
    return { held: true, step: { next, events: [published, ...events] } }
  }
  const seen = observe(next, outcome.reading, { now, actor })
  const doubt = confirmed ? seenOurs(next.doubt, seen.next.observed) : next.doubt
  return {
    held: true,
    step: { next: { ...seen.next, doubt }, events: [published, ...events, ...seen.events] },
  }
}

/**
 * What is still open after an accepted write. A doubt about an earlier write stays until that one must have
 * landed; where nothing can be read, it ends with the write that came after that moment.
 */
function doubtAfter(
  state: NumberState,
  { confirmed, readable, now }: { confirmed: boolean; readable: boolean; now: Instant },
): Doubt | null {
  const { doubt } = state
  if (readable && !confirmed) return doubt ?? openDoubt(state, now)
  return doubt === null || settled(doubt, now) ? null : doubt
}

/** Whether a reading proves that the upstream holds this key, signed. */
export function confirms(reading: KeyReading | null, fingerprint: Fingerprint): boolean {
  return reading?.status === 'valid' && reading.publicKey?.fingerprint === fingerprint
}

/** A reading right after a write that shows another key is only a reading that came too early. */
function belongs(reading: KeyReading, fingerprint: Fingerprint): boolean {
  return reading.publicKey?.fingerprint === fingerprint
}

function upstreamOf(fault: Fault): JsonObject {
  const { upstream } = fault
  if (upstream === undefined) return {}
  return {
    upstream: {
      status: upstream.status,
      code: upstream.code ?? null,
      message: upstream.message ?? null,
      requestId: upstream.requestId ?? null,
    },
  }
}
