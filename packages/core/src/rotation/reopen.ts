import type { Instant } from '../instant.ts'
import type { Entry } from './state.ts'

export function isFailed({ status }: Pick<Entry, 'status'>): boolean {
  return status === 'failed'
}

/** An entry that failed, as one that nothing was done about yet; any other as it is. */
export function reopen(entry: Entry, due: Instant): Entry {
  if (!isFailed(entry)) return entry
  return {
    ...entry,
    status: 'pending',
    done: false,
    generation: null,
    attempts: 0,
    due,
    waitingSince: null,
    problem: null,
  }
}
