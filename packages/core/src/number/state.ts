import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { Fingerprint, PublicKey, SignatureStatus } from '../public-key.ts'

/** A key that somebody asked Latchkey to publish; generations count these requests. */
export interface Intent {
  readonly generation: number
  readonly pem: string
  readonly fingerprint: Fingerprint
  readonly keyId: string | null
  readonly actor: Actor
  readonly at: Instant
  /** How long the key that it replaces still opens what was encrypted for it; a day, where left out. */
  readonly overlapMs?: number
  /** The rotation that asked for it, and what it found in its place. */
  readonly rotationId?: string
  readonly replaces?: ReplacedKey | null
  /** When that rotation was done with the number. */
  readonly rotatedAt?: Instant
  /** A write of it had an outcome that nobody knows: until then a copy is believed to be able to arrive. */
  readonly lateUntil?: Instant
  /** Why it is sent again, where it was lost; until the upstream has taken it. */
  readonly repair?: { readonly cause: RepairCause; readonly loss: Loss }
}

/** What made Latchkey look: its own reading of all numbers, or a notice of the upstream's. */
export type RepairCause = 'sweep' | 'notice'

/** What is in the place of the key that was published: nothing, the key with a bad signature, a former key of ours, or another's. */
export type Loss = 'unset' | 'mismatch' | 'outdated' | 'foreign'

export interface Repairs {
  /** When they were begun, oldest first: those of the last 24 hours, and maybe some before. */
  readonly at: readonly Instant[]
  /** When it was last told that there were too many. */
  readonly exhaustedAt?: Instant
}

/** A key as it is published again when a rotation is rolled back. */
export interface ReplacedKey extends PublicKey {
  readonly keyId: string | null
}

/** A write on its way. Whoever holds the fence may conclude it; after the lease nobody knows its outcome. */
export interface Writing extends Intent {
  readonly fence: number
  readonly leaseUntil: Instant
}

/** What the upstream is meant to hold: the last key that it took, or may have taken. */
export interface Desired extends Intent {
  /** When the upstream accepted it; null while that is not known. */
  readonly acceptedAt: Instant | null
}

/** A key of the ring that was published here and replaced: messages encrypted for it, or a late write of it, may still come. */
export interface RetiringKey {
  readonly keyId: string
  readonly fingerprint: Fingerprint
  readonly until: Instant
  /** As of the intent. */
  readonly lateUntil?: Instant
}

/** A key of the ring that was let go of here, whose private half may still exist. */
export type ReleasedKey = Pick<RetiringKey, 'keyId' | 'fingerprint'>

/** What the upstream was last seen to hold. */
export interface Observation {
  readonly status: SignatureStatus
  readonly pem: string | null
  readonly fingerprint: Fingerprint | null
  readonly at: Instant
  /** The number's epoch when it was read; in a later one a write of ours may have changed it. */
  readonly epoch: number
}

/**
 * An earlier write may still arrive, or was not seen to have arrived. The number is read again until
 * `since` is long enough ago for a delayed write to have landed, and a read has succeeded after that.
 */
export interface Doubt {
  readonly since: Instant
  /** What was there before the first doubtful write; null where it was not known. */
  readonly before: Observation | null
  /** When the upstream is to be looked at next. */
  readonly due: Instant
  /** Looks and resends made in this doubt, for the schedule and its bounds. */
  readonly checks: number
  readonly resends: number
}

export interface NumberState {
  readonly id: string
  readonly connectionId: string
  readonly provider: string
  readonly upstreamId: string
  readonly label: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Of the newest intent. */
  readonly generation: number
  /** Of the newest write; never goes back. */
  readonly fence: number
  /** Changes whenever a write starts or ends: a read begun in another epoch proves nothing. */
  readonly epoch: number
  /** Asked for and not started. A newer intent supersedes it. */
  readonly queued: Intent | null
  readonly writing: Writing | null
  readonly desired: Desired | null
  readonly observed: Observation | null
  readonly doubt: Doubt | null
  /** Fingerprints that Latchkey has published here, newest first: a late write of ours is not a foreign key. */
  readonly history: readonly Fingerprint[]
  /** Keys of the ring that this number has replaced and not let go of. */
  readonly retiring?: readonly RetiringKey[]
  /** Those that it has let go of, newest last, until it is certain that they are gone from its upstream. */
  readonly released?: readonly ReleasedKey[]
  /** The newest round of looking after keys, of those that an upstream's notices asked for, that has come here. */
  readonly noticed?: number
  readonly repairs?: Repairs
}

export interface NewNumber {
  readonly id: string
  readonly connectionId: string
  readonly provider: string
  readonly upstreamId: string
  readonly label: string | null
  readonly at: Instant
}

export function newNumber(made: NewNumber): NumberState {
  return {
    id: made.id,
    connectionId: made.connectionId,
    provider: made.provider,
    upstreamId: made.upstreamId,
    label: made.label,
    createdAt: made.at,
    updatedAt: made.at,
    generation: 0,
    fence: 0,
    epoch: 0,
    queued: null,
    writing: null,
    desired: null,
    observed: null,
    doubt: null,
    history: [],
  }
}

/** The key that Latchkey was last told to publish, whether or not it has been written yet. */
export function target(state: NumberState): Intent | null {
  return state.queued ?? state.writing ?? state.desired
}

/**
 * True only where the upstream was seen to hold, with no mismatch, the key that was last asked for. Null where
 * nobody can say: the provider has no safe read (`readable` false), or calls its key valid without showing it.
 */
export function inSync(state: NumberState, readable: boolean): boolean | null {
  if (!readable) return null
  const wanted = target(state)
  const seen = state.observed
  if (wanted === null || seen === null) return false
  if (seen.fingerprint === null && seen.status === 'valid') return null
  return seen.fingerprint === wanted.fingerprint && seen.status !== 'mismatch'
}
