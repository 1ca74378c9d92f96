import { DAY, type Instant } from '../instant.ts'
import type { Actor, TaskDraft } from '../ledger/ledger.ts'
import type { Fingerprint } from '../public-key.ts'
import type { Desired, Intent, NumberState, ReleasedKey, RetiringKey } from './state.ts'
import { event, type Step } from './transition.ts'

/** How far a number is with a key: about to publish it, publishing it, or done with it but for what is late. */
export type KeyUse = 'staged' | 'active' | 'retiring'

/** The task that lets go of keys whose overlap is over. */
export const RETIRE = 'retire-keys'

/** Where nobody said how long a replaced key is to be kept at hand. */
const OVERLAP_MS = DAY
/** Of a number that has let go of more keys than that, the oldest are forgotten unseen. */
const RELEASED_MAX = 100
/**
 * A write whose outcome nobody knows may still arrive; after minutes, as upstreams go, but how many have passed is told
 * by a clock that may leap. The private half of a key that could come back is kept far longer.
 */
export const LATE_MS = 7 * DAY
/** How soon a key that should be let go of is looked at again while it still stands at the upstream. */
const STILL_THERE_MS = DAY

/** What a number has to do with each key, by fingerprint; the nearest to its upstream counts. */
export function keyUses(state: NumberState): ReadonlyMap<Fingerprint, KeyUse> {
  const uses = new Map<Fingerprint, KeyUse>()
  for (const { fingerprint } of state.retiring ?? []) uses.set(fingerprint, 'retiring')
  for (const intent of [state.queued, state.writing]) {
    if (intent !== null) uses.set(intent.fingerprint, 'staged')
  }
  if (state.desired !== null) uses.set(state.desired.fingerprint, 'active')
  return uses
}

const FINGERPRINT_START = 'sha256:'.length
/** 128 bits, which no two keys share. */
const LABEL_HEX = 32

/**
 * The name of the label that a number carries for a key; its value is the use. By fingerprint, for a key that was
 * published as a PEM is the same one.
 */
export function keyLabel(fingerprint: Fingerprint): string {
  return `key:${fingerprint.slice(FINGERPRINT_START, FINGERPRINT_START + LABEL_HEX)}`
}

/**
 * The name of the label that says whether a number has to do with a key at all, `used`; or has only let go of it,
 * `released`; or only shows it, `seen`. One question for it misses no number that goes from one use to the next meanwhile.
 */
export function holdLabel(fingerprint: Fingerprint): string {
  return `hold:${fingerprint.slice(FINGERPRINT_START, FINGERPRINT_START + LABEL_HEX)}`
}

export function keyLabels(state: NumberState): Record<string, string> {
  const labels: Record<string, string> = {}
  const seen = state.observed?.fingerprint ?? null
  if (seen !== null) labels[holdLabel(seen)] = 'seen'
  for (const { fingerprint } of state.released ?? []) labels[holdLabel(fingerprint)] = 'released'
  for (const [fingerprint, use] of keyUses(state)) {
    labels[holdLabel(fingerprint)] = 'used'
    labels[keyLabel(fingerprint)] = use
  }
  return labels
}

/** The keys of the ring that a number has at its upstream, or may have, or has not let go of. */
export function heldKeys({ writing, desired, retiring = [] }: NumberState): readonly string[] {
  const ids = [writing?.keyId, desired?.keyId, ...retiring.map(({ keyId }) => keyId)]
  return [...new Set(ids.filter((id) => id !== undefined && id !== null))]
}

/**
 * The keys that are retiring once `next` is what the upstream is meant to hold. The one before it is among them even
 * where nobody knows whether the upstream ever took it: its write may be late.
 */
export function retireReplaced(
  { desired: replaced, retiring = [] }: Pick<NumberState, 'desired' | 'retiring'>,
  next: Intent | Desired,
  now: Instant,
): { readonly retiring?: readonly RetiringKey[] } {
  const kept = retiring.filter(({ keyId }) => keyId !== next.keyId)
  if (replaced === null || replaced.keyId === null || replaced.keyId === next.keyId) {
    return kept.length === retiring.length ? {} : { retiring: kept }
  }
  const { keyId, fingerprint } = replaced
  const late = lateness(replaced)
  const until = Math.max(now + (next.overlapMs ?? OVERLAP_MS), replaced.lateUntil ?? now)
  return {
    retiring: [
      ...kept.filter((each) => each.keyId !== keyId),
      { keyId, fingerprint, until, ...late },
    ],
  }
}

/** What an intent, once it is what the upstream is meant to hold, has to carry on of earlier writes of the same key. */
export function latenessOf(
  { desired, retiring = [] }: Pick<NumberState, 'desired' | 'retiring'>,
  intent: Intent,
): Pick<Intent, 'lateUntil'> {
  const before = retiring.find(({ keyId }) => keyId === intent.keyId)
  const same = desired?.keyId === intent.keyId ? desired : undefined
  const all = [intent, same, before].map((each) => each?.lateUntil ?? -Infinity)
  const lateUntil = Math.max(...all)
  return Number.isFinite(lateUntil) ? { lateUntil } : {}
}

function lateness({ lateUntil }: Pick<Intent, 'lateUntil'>): Pick<Intent, 'lateUntil'> {
  return lateUntil === undefined ? {} : { lateUntil }
}

/** The number, where it has a key that is one of the ring since, with that key's id. */
export function adopt(
  state: NumberState,
  { keyId, fingerprint }: ReleasedKey,
  now: Instant,
): NumberState {
  const { desired } = state
  if (desired === null || desired.keyId !== null || desired.fingerprint !== fingerprint)
    return state
  return { ...state, desired: { ...desired, keyId }, updatedAt: now }
}

/** The keys that are to be let go of: their overlap is over, and none is seen at the upstream. */
export function overKeys(
  { retiring = [], observed, doubt }: NumberState,
  now: Instant,
): readonly RetiringKey[] {
  return retiring.filter(({ until, fingerprint }) => {
    return now >= until && observed?.fingerprint !== fingerprint && doubt === null
  })
}

/** Lets go of keys whose overlap is over; of one that is still seen at the upstream not yet. */
export function letGo(state: NumberState, now: Instant, actor: Actor): Step {
  const { retiring = [] } = state
  const over = overKeys(state, now)
  if (over.length === 0) return { next: state, events: [] }
  return {
    next: {
      ...state,
      retiring: retiring.filter((each) => !over.includes(each)),
      released: release(state.released ?? [], over),
      updatedAt: now,
    },
    events: over.map(({ keyId, fingerprint }) =>
      event('key.let_go', now, actor, { keyId, fingerprint }),
    ),
  }
}

function release(
  before: readonly ReleasedKey[],
  over: readonly RetiringKey[],
): readonly ReleasedKey[] {
  const kept = before.filter(({ keyId }) => over.every((each) => each.keyId !== keyId))
  const added = over.map(({ keyId, fingerprint }) => ({ keyId, fingerprint }))
  return [...kept, ...added].slice(-RELEASED_MAX)
}

/** The number without a key that it has let go of and that is certainly gone from its upstream. */
export function forgetReleased(state: NumberState, keyId: string, now: Instant): Step {
  const { released = [] } = state
  const left = released.filter((each) => each.keyId !== keyId)
  if (left.length === released.length) return { next: state, events: [] }
  return { next: { ...state, released: left, updatedAt: now }, events: [] }
}

/** When a key is next to be let go of; null where none is retiring. */
export function letGoDue({ retiring = [] }: NumberState, now: Instant): Instant | null {
  const dues = retiring.map(({ until }) => (until > now ? until : now + STILL_THERE_MS))
  return dues.length === 0 ? null : Math.min(...dues)
}

/** The task of a number with retiring keys; of one without there is nothing to do, or to change. */
export function retireTasks(state: NumberState): readonly TaskDraft[] {
  const { retiring = [] } = state
  if (retiring.length === 0) return []
  return [{ name: RETIRE, due: Math.min(...retiring.map(({ until }) => until)) }]
}
