import { type Again, type ClaimedTask, Fault, HOUR, type Instant, isFault } from '@latchkey/core'
import { aggregateKey, integer, text } from './columns.ts'
import type { SqlRow } from './database.ts'
import { decodeObject } from './json.ts'

/** When a task that cannot be read is tried again: a newer program may have written it, and be back by then. */
export const UNREADABLE_MS = HOUR

/** Tasks that were claimed, and why others that are due could not be read. */
export interface TaskClaim {
  readonly tasks: readonly ClaimedTask[]
  readonly unreadable: readonly Fault[]
}

/** A task as it was stored before this claim, or why it cannot be read. */
export function readTask(row: SqlRow): Omit<ClaimedTask, 'fence'> | Fault {
  try {
    return {
      subject: aggregateKey(row),
      name: text(row, 'name'),
      due: integer(row, 'due'),
      data: decodeObject(text(row, 'data'), 'column data'),
      attempts: integer(row, 'attempts') + 1,
    }
  } catch (cause) {
    if (!isFault(cause)) throw cause
    const which = `"${text(row, 'name')}" of ${text(row, 'kind')} ${text(row, 'id')}`
    return new Fault('internal', `Cannot read task ${which}: ${cause.message}`, { cause })
  }
}

/** What a task is told that would wait for what comes after an event that the store does not have. */
export function unknownEvent(eventId: string): Fault {
  return new Fault('internal', `Cannot follow the log from ${eventId}: it is not known here`)
}

/** When a task is due again, in the columns' terms. */
export function spread(again: Again): {
  readonly at: Instant
  /** The id of the event whose followers wake it. */
  readonly after: string | null
  readonly isRetry: boolean
} {
  if (typeof again === 'number') return { at: again, after: null, isRetry: false }
  if ('retryAt' in again) return { at: again.retryAt, after: null, isRetry: true }
  return { ...again, isRetry: false }
}
