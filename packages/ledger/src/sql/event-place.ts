import { type EventQuery, Fault } from '@latchkey/core'
import { integer, text } from './columns.ts'
import type { SqlRow } from './database.ts'

/** The column that a list of events walks along: one subject's by its own count, all others by arrival. */
export type Order = 'position' | 'sequence'

/** @throws Fault invalid_request for a cursor that was not given out */
export function fromCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const place = Number(cursor)
  if (/^\d+$/.test(cursor) && Number.isSafeInteger(place)) return place
  throw new Fault('invalid_request', 'Cannot list events: the cursor is not one that was given out')
}

/**
 * Where the event of `after` stands: `row` has its place and subject, null where there is none.
 * @throws Fault invalid_request where the query's list has no such event
 */
export function placeOf(row: SqlRow | null, query: EventQuery, order: Order): number {
  if (row === null || (query.subject ?? text(row, 'subject')) !== text(row, 'subject')) {
    throw new Fault('invalid_request', 'Cannot list events: `after` names no event of this list')
  }
  return integer(row, order)
}
