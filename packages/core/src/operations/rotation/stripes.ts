import { mintId, mintIdWithin } from '../../ids.ts'
import { MINUTE } from '../../instant.ts'
import type { NumberState } from '../../number/state.ts'
import { countEntries } from '../../rotation/counts.ts'
import { reopen } from '../../rotation/reopen.ts'
import { type Entry, stripeLabels, type StripeState } from '../../rotation/state.ts'
import { ROTATE } from '../../rotation/tasks.ts'
import type { Services } from '../../services.ts'

/**
 * So many hosts can work on one connection at once, and one host on so many stripes of it; what they may call at once
 * stays the connection's limit.
 */
export const STRIPES_AT_ONCE = 8
/** A stripe of fewer numbers is not worth its own. */
const STRIPE_MIN = 50
/** A stripe is one row, and a ledger's rows end at 256 KiB: a number with a former key and a problem may take 1.6 KB. */
const STRIPE_MAX = 150
const WRITES_AT_ONCE = 8
/** When a stripe is looked at whose rotation should be there by then; a request that died has left none. */
const ORPHAN_CHECK_MS = 15 * MINUTE

/** A number of a rotation to come, and what is known of it beforehand. */
export type Candidate = Pick<Entry, 'numberId'> & Partial<Pick<Entry, 'previous' | 'onlyOver'>>

export type StripePlan = Pick<StripeState, 'rotationId' | 'key' | 'overlapMs' | 'actor'>

/** Divides the numbers of a rotation into stripes. Where each is to have a key of its own, its id is set aside now. */
export function planStripes(
  services: Pick<Services, 'random' | 'clock'>,
  plan: StripePlan,
  wanted: ReadonlyMap<string, readonly Candidate[]>,
): readonly StripeState[] {
  const now = services.clock.now()
  return [...wanted].flatMap(([connectionId, candidates]) => {
    const wide = Math.min(Math.ceil(candidates.length / STRIPE_MIN), STRIPES_AT_ONCE)
    const count = Math.max(wide, Math.ceil(candidates.length / STRIPE_MAX))
    return Array.from({ length: count }, (_, index) => ({
      ...plan,
      id: mintIdWithin(connectionId, 'stripe', services.random),
      connectionId,
      running: true,
      isArmed: false,
      createdAt: now,
      entries: candidates
        .filter((_candidate, place) => place % count === index)
        .map((candidate) => newEntry(services, plan, candidate)),
    }))
  })
}

function newEntry(
  { random, clock }: Pick<Services, 'random' | 'clock'>,
  { key }: StripePlan,
  { numberId, previous = null, onlyOver }: Candidate,
): Entry {
  return {
    numberId,
    status: 'pending',
    done: false,
    keyId: key.kind === 'per-number' ? mintId('key', random) : null,
    previous,
    ...(onlyOver === undefined ? {} : { onlyOver }),
    generation: null,
    attempts: 0,
    due: clock.now(),
    waitingSince: null,
    problem: null,
  }
}

/** The numbers by their connection. */
export function byConnection<Item>(
  items: readonly Item[],
  connectionOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(items, connectionOf)
}

export function candidateOf({ id }: NumberState): Candidate {
  return { numberId: id }
}

/** Takes the numbers: from then on no other rotation gets them. Nothing is done about them yet. */
export async function storeStripes(
  services: Services,
  stripes: readonly StripeState[],
): Promise<void> {
  await forEach(stripes, (stripe) =>
    services.ledger.mutate<StripeState, null>({ kind: 'stripe', id: stripe.id }, () => ({
      result: null,
      next: stripe,
      labels: stripeLabels(stripe),
      tasks: [{ name: ROTATE, due: stripe.createdAt + ORPHAN_CHECK_MS }],
    })),
  )
}

export async function dropStripes(
  services: Services,
  stripes: readonly Pick<StripeState, 'id'>[],
): Promise<void> {
  await forEach(stripes, ({ id }) =>
    services.ledger.mutate<StripeState, null>({ kind: 'stripe', id }, () => ({
      result: null,
      next: null,
      tasks: [{ name: ROTATE, due: null }],
    })),
  )
}

/** Lets the work on stripes begin at once; on what has failed in them once more. */
export async function armStripes(
  services: Services,
  stripes: readonly Pick<StripeState, 'id'>[],
): Promise<void> {
  const due = services.clock.now()
  await forEach(stripes, ({ id }) =>
    services.ledger.mutate<StripeState, null>({ kind: 'stripe', id }, (state) => {
      if (state === null || !state.running || state.isArmed) return { result: null }
      const entries = state.entries.map((entry) => reopen(entry, due))
      const next = { ...state, entries, isArmed: true }
      const labels = stripeLabels(next)
      return { result: null, next, labels, tasks: [{ name: ROTATE, due }] }
    }),
  )
}

/** Writes some at a time: each waits for the storage. */
async function forEach<Item>(
  items: readonly Item[],
  write: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += WRITES_AT_ONCE) {
    await Promise.all(items.slice(start, start + WRITES_AT_ONCE).map(write))
  }
}

export function summaryOf({ id, connectionId, entries, running }: StripeState) {
  return { id, connectionId, counts: countEntries(entries), done: !running }
}
