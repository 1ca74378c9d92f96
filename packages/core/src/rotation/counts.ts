import type { Instant } from '../instant.ts'
import {
  type Counts,
  ENTRY_STATUSES,
  type Entry,
  type RotationState,
  type RotationStatus,
} from './state.ts'

const NONE: Counts = {
  total: 0,
  pending: 0,
  published: 0,
  verified: 0,
  failed: 0,
  superseded: 0,
}

/** How many entries have each status; together they are `total`. */
export function countEntries(entries: readonly Pick<Entry, 'status'>[]): Counts {
  const counts = { ...NONE, total: entries.length }
  for (const { status } of entries) counts[status] += 1
  return counts
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = { ...NONE }
  for (const each of all) {
    sum.total += each.total
    for (const status of ENTRY_STATUSES) sum[status] += each[status]
  }
  return sum
}

export function rotationCounts({ stripes }: Pick<RotationState, 'stripes'>): Counts {
  return addCounts(stripes.map(({ counts }) => counts))
}

/** What a rotation has come to when nothing more is done about it. A number that moved on by itself is no failure. */
export function outcomeOf(counts: Counts): Exclude<RotationStatus, 'running' | 'cancelled'> {
  if (counts.failed === 0) return 'succeeded'
  return counts.failed === counts.total - counts.superseded ? 'failed' : 'partially_failed'
}

/**
 * The rotation with what one of its stripes has come to; finished with its last. What was told earlier may come later:
 * a stripe that is done stays so, as it begins anew only with its rotation.
 */
export function withStripe(
  rotation: RotationState,
  stripe: { readonly id: string; readonly counts: Counts; readonly done: boolean },
  now: Instant,
): RotationState {
  const { id, counts, done } = stripe
  const stripes = rotation.stripes.map((each) =>
    each.id === id && (done || !each.done) ? { ...each, counts, done } : each,
  )
  const next = { ...rotation, stripes }
  if (rotation.status !== 'running' || stripes.some((each) => !each.done)) return next
  return { ...next, status: outcomeOf(rotationCounts(next)), finishedAt: now }
}
