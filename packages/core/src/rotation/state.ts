import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { ReplacedKey } from '../number/state.ts'

/** Which key the numbers of a rotation get. */
export type RotationKey =
  /** Each one of its own. */
  | { readonly kind: 'per-number' }
  /** All the same. */
  | { readonly kind: 'one'; readonly keyId: string }
  /** Each what it had before the rotation that is rolled back. */
  | { readonly kind: 'previous'; readonly rotationId: string }

export const ROTATION_STATUSES = [
  'running',
  'succeeded',
  'partially_failed',
  'failed',
  'cancelled',
] as const
export type RotationStatus = (typeof ROTATION_STATUSES)[number]

export const ENTRY_STATUSES = ['pending', 'published', 'verified', 'failed', 'superseded'] as const
/** `published`: the upstream took the key; where it can be read, it has not been seen there yet. */
export type EntryStatus = (typeof ENTRY_STATUSES)[number]

export type Counts = { readonly [Status in EntryStatus]: number } & { readonly total: number }

/** A part of a rotation: some numbers of one connection, which one holder at a time works through. */
export interface StripeSummary {
  readonly id: string
  readonly connectionId: string
  readonly counts: Counts
  readonly done: boolean
}

export interface RotationState {
  readonly id: string
  readonly status: RotationStatus
  readonly key: RotationKey
  readonly overlapMs: number
  readonly actor: Actor
  readonly stripes: readonly StripeSummary[]
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
}

/** Why a number failed: what may be shown of a fault. */
export interface EntryProblem {
  readonly code: string
  readonly message: string
  readonly upstream?: {
    readonly provider?: string
    readonly status: number | null
    readonly code?: string
    readonly message?: string
    readonly requestId?: string
  }
}

export interface Entry {
  readonly numberId: string
  readonly status: EntryStatus
  /** Nothing more is done about it. */
  readonly done: boolean
  /** Set aside for it beforehand, where each number gets a key of its own; otherwise known with the key. */
  readonly keyId: string | null
  /** What is brought back, in a rollback; else what the key replaced, once that is known. */
  readonly previous: ReplacedKey | null
  /** In a rollback: the fingerprint that the number must still be meant to have. */
  readonly onlyOver?: string
  /** Of the intent, once it is committed. */
  readonly generation: number | null
  readonly attempts: number
  /** When it is looked at next. */
  readonly due: Instant
  /** Since when the outcome, or its proof, is waited for. */
  readonly waitingSince: Instant | null
  readonly problem: EntryProblem | null
}

export interface StripeState {
  readonly id: string
  readonly rotationId: string
  readonly connectionId: string
  readonly key: RotationKey
  readonly overlapMs: number
  readonly actor: Actor
  readonly entries: readonly Entry[]
  /** Its numbers are taken: no other rotation may have them. */
  readonly running: boolean
  /** Work on it has been set off: the rotation itself is stored. */
  readonly isArmed: boolean
  readonly createdAt: Instant
}

export function rotationLabels({ status }: RotationState): Record<string, string> {
  return { status }
}

export function stripeLabels({ rotationId, running }: StripeState): Record<string, string> {
  return { rotationId, running: String(running) }
}
