import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { KeyReading } from '../public-key.ts'
import { inSync, type NumberState, type Observation, target } from './state.ts'
import { event, type Step } from './transition.ts'

/**
 * Records what the upstream was seen to hold. The log hears of changes alone: `key.observed` for another key or
 * status than last time, `key.mismatch` when a number that was in step no longer is.
 */
export function observe(
  state: NumberState,
  reading: KeyReading,
  options: { readonly now: Instant; readonly actor: Actor },
): Step {
  const { now, actor } = options
  const observed: Observation = {
    status: reading.status,
    pem: reading.publicKey?.pem ?? null,
    fingerprint: reading.publicKey?.fingerprint ?? null,
    at: now,
    epoch: state.epoch,
  }
  const next = { ...state, observed, updatedAt: now }
  const before = state.observed
  const about = { status: observed.status, fingerprint: observed.fingerprint }
  const changed =
    before === null ||
    before.status !== observed.status ||
    before.fingerprint !== observed.fingerprint
  const lost = target(next) !== null && inSync(next, true) === false
  return {
    next,
    events: [
      ...(changed ? [event('key.observed', now, actor, about)] : []),
      ...(changed && lost && state.writing === null
        ? [
            event('key.mismatch', now, actor, {
              ...about,
              expected: target(next)?.fingerprint ?? null,
            }),
          ]
        : []),
    ],
  }
}

/** Forgets what was seen, where the number is reached at another upstream now; a read that is under way counts for nothing. */
export function unobserve(state: NumberState, now: Instant): Step {
  return {
    next: { ...state, observed: null, epoch: state.epoch + 1, updatedAt: now },
    events: [],
  }
}
