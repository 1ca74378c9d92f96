import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import { isCurrent } from './view.ts'
import type { NumberState } from './state.ts'
import { event, type Step } from './transition.ts'

/** Says once that the rotation which asked for a number's key is done with it; nothing where none did, or it was said. */
export function endRotation(state: NumberState, now: Instant, actor: Actor): Step {
  const { desired } = state
  if (desired?.rotationId === undefined || desired.rotatedAt !== undefined) {
    return { next: state, events: [] }
  }
  const { rotationId, generation, fingerprint, keyId, replaces = null } = desired
  return {
    next: { ...state, desired: { ...desired, rotatedAt: now }, updatedAt: now },
    events: [
      event('key.rotated', now, actor, {
        rotationId,
        generation,
        fingerprint,
        keyId,
        replaced: replaces?.fingerprint ?? null,
      }),
    ],
  }
}

/** Whether the upstream was seen to hold the desired key, signed, after the last write of ours. */
export function isVerified(state: NumberState): boolean {
  const { desired, observed } = state
  return (
    desired !== null &&
    desired.acceptedAt !== null &&
    isCurrent(state, observed) &&
    observed.status === 'valid' &&
    observed.fingerprint === desired.fingerprint
  )
}
