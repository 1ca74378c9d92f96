import { type EventQuery, Fault, type Instant, type Page } from '@latchkey/core'
import { integer } from './columns.ts'
import { first, type SqlDatabase, type SqlValue } from './database.ts'
import { fromCursor, type Order, placeOf } from './event-place.ts'
import { connectionOf, eventFrom, type StoredEvent } from './events.ts'
import { toPage } from './page.ts'

/** Where to begin: after a place in the order that the query walks, and with events later than `later`. */
interface Start {
  readonly after: number
  readonly later: Instant | null
}

function placeOfEvent(db: SqlDatabase, query: EventQuery, id: string, order: Order): number {
  const row = first(db, `SELECT position, sequence, subject FROM events WHERE id = ?`, id)
  return placeOf(row, query, order)
}

/** The last position at which nothing later than `at` had arrived. */
function positionBefore(db: SqlDatabase, at: Instant): number {
  const row = first(
    db,
    `SELECT position FROM events WHERE latest_at > ? ORDER BY latest_at, position LIMIT 1`,
    at,
  )
  return row === null ? Number.MAX_SAFE_INTEGER : integer(row, 'position') - 1
}

function startOf(db: SqlDatabase, query: EventQuery, order: Order): Start {
  const cursor = fromCursor(query.cursor)
  const { after } = query
  if (after === undefined) return { after: cursor, later: null }
  if (typeof after === 'string') {
    return { after: Math.max(cursor, placeOfEvent(db, query, after, order)), later: null }
  }
  const floor = order === 'position' ? positionBefore(db, after) : 0
  return { after: Math.max(cursor, floor), later: after }
}

function positions(
  db: SqlDatabase,
  query: EventQuery,
  scope: readonly [column: 'subject' | 'connection', value: string] | null,
  order: Order,
  start: Start,
): number[] {
  const conditions = [`${order} > ?`]
  const values: SqlValue[] = [start.after]
  if (scope !== null) {
    conditions.unshift(`${scope[0]} = ?`)
    values.unshift(scope[1])
  }
  if (query.type !== undefined) {
    conditions.push('type = ?')
    values.push(query.type)
  }
  if (start.later !== null) {
    conditions.push('at > ?')
    values.push(start.later)
  }
  const rows = db.all(
    `SELECT position FROM events WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`,
    ...values,
    query.limit + 1,
  )
  return rows.map((row) => integer(row, 'position'))
}

function eventAt(db: SqlDatabase, position: number): StoredEvent {
  const row = first(db, `SELECT * FROM events WHERE position = ?`, position)
  if (row === null) throw new Fault('internal', 'Cannot list events: one has gone while reading')
  return eventFrom(row)
}

function listOfSubject(db: SqlDatabase, query: EventQuery, subject: string): Page<StoredEvent> {
  const connection = connectionOf(subject)
  const visible = connection !== null && query.connections?.includes(connection) === true
  if (query.connections !== undefined && !visible) return { items: [], nextCursor: null }
  const start = startOf(db, query, 'sequence')
  const events = positions(db, query, ['subject', subject], 'sequence', start).map((position) =>
    eventAt(db, position),
  )
  return toPage(events, query.limit, (event) => String(event.sequence))
}

/**
 * One page of events, in the order in which they arrived. Only the places are read for every connection
 * asked for; events are read for the page alone.
 *
 * @throws Fault invalid_request for a cursor or an `after` that does not belong to the query
 */
export function listEvents(db: SqlDatabase, query: EventQuery): Page<StoredEvent> {
  if (query.subject !== undefined) return listOfSubject(db, query, query.subject)
  const start = startOf(db, query, 'position')
  const found =
    query.connections === undefined
      ? positions(db, query, null, 'position', start)
      : [...new Set(query.connections)]
          .flatMap((id) => positions(db, query, ['connection', id], 'position', start))
          .sort((one, other) => one - other)
  const page = toPage(found, query.limit, String)
  return { ...page, items: page.items.map((position) => eventAt(db, position)) }
}
