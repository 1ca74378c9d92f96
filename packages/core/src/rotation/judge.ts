import { MINUTE, SECOND, type Instant } from '../instant.ts'
import { isVerified } from '../number/rotate.ts'
import { inFlight } from '../number/timing.ts'
import { type NumberState, target } from '../number/state.ts'
import type { Fingerprint } from '../public-key.ts'
import type { Entry, EntryProblem } from './state.ts'

/** How long a key that was taken may stay unseen at the upstream (contract §6). */
const PROOF_MS = 5 * MINUTE
/** An outcome that nobody knows is found out by reads, the last when every late write must have landed. */
const OUTCOME_MS = 12 * MINUTE
const FIRST_CHECK_MS = 2 * SECOND
const LONGEST_CHECK_MS = 30 * SECOND

/** What is to be done about a number of a rotation, as it stands. */
export type Judgement =
  /** Nothing of this rotation is under way: publish. */
  | { readonly do: 'publish' }
  /** It waited for another write, which is over. */
  | { readonly do: 'carry_out'; readonly generation: number }
  | { readonly do: 'wait'; readonly until: Instant }
  /** Nobody knows what came of its write; the publish machine finds out. */
  | { readonly do: 'find_out'; readonly until: Instant }
  /** The upstream took the key and nobody has seen it there: read. */
  | { readonly do: 'read' }
  | { readonly do: 'end'; readonly status: 'published' | 'verified' | 'superseded' }
  | { readonly do: 'fail'; readonly problem: EntryProblem }

export interface Circumstances {
  /** Of the key that the number is to get. */
  readonly fingerprint: Fingerprint
  readonly rotationId: string
  readonly readable: boolean
  readonly now: Instant
}

/**
 * Judges by the number alone: whoever died, and whatever of the entry was not stored, what was sent is known there.
 */
export function judge(entry: Entry, number: NumberState, about: Circumstances): Judgement {
  const { fingerprint, rotationId, readable, now } = about
  const wanted = target(number)
  const isOurs = wanted?.rotationId === rotationId && wanted.fingerprint === fingerprint
  const isStarted = isOurs || entry.generation !== null
  if (!isStarted) {
    const moved = entry.onlyOver !== undefined && wanted?.fingerprint !== entry.onlyOver
    return moved ? { do: 'end', status: 'superseded' } : { do: 'publish' }
  }
  if (wanted?.fingerprint !== fingerprint) {
    // The same generation: nobody asked for another key, the upstream refused this one.
    const refused = number.generation === entry.generation
    return refused ? { do: 'publish' } : { do: 'end', status: 'superseded' }
  }
  const writing = inFlight(number, now)
  if (writing !== null) return { do: 'wait', until: writing.leaseUntil }
  if (number.queued !== null) return { do: 'carry_out', generation: number.queued.generation }
  const { desired } = number
  if (desired === null || number.writing !== null || desired.acceptedAt === null) {
    return outcomeDue(entry, number, now)
  }
  if (!readable) return { do: 'end', status: 'published' }
  return isVerified(number) ? { do: 'end', status: 'verified' } : { do: 'read' }
}

/** The publish machine finds out what came of a write; the rotation waits for it. */
function outcomeDue(entry: Entry, { doubt, writing }: NumberState, now: Instant): Judgement {
  const isOpen = doubt !== null || writing !== null
  if (isOpen && Math.abs(now - (entry.waitingSince ?? now)) < OUTCOME_MS) {
    const due = doubt === null ? now : Math.max(doubt.due, now)
    return { do: 'find_out', until: Math.min(due + SECOND, now + MINUTE) }
  }
  // Nobody looks any more, and this is another try.
  if (!isOpen && entry.generation === null) return { do: 'publish' }
  return {
    do: 'fail',
    problem: {
      code: 'upstream_timeout',
      message: 'It did not become known whether the upstream took the key; Latchkey keeps looking',
    },
  }
}

/** Why a number has failed whose key was just looked for in vain; null where it may still come to be seen. */
export function unseenFor(since: Instant, now: Instant): EntryProblem | null {
  if (Math.abs(now - since) < PROOF_MS) return null
  return {
    code: 'upstream_timeout',
    message:
      'The upstream took the key and does not show it as valid after five minutes: it may be late, or have been overwritten',
  }
}

/** When a key that was taken and not seen is read again: soon at first, then ever later. */
export function nextCheck(since: Instant, now: Instant): Instant {
  const waited = Math.max(0, now - since)
  return now + Math.min(Math.max(FIRST_CHECK_MS, waited), LONGEST_CHECK_MS)
}
