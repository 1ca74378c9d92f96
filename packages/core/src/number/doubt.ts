import type { Instant } from '../instant.ts'
import type { KeyReading } from '../public-key.ts'
import type { Doubt, NumberState } from './state.ts'
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
