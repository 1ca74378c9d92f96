import type { EventQuery, Instant, Page } from '@latchkey/core'
import { integer } from '../sql/columns.ts'
import type { SqlRow } from '../sql/database.ts'
import { fromCursor, type Order, placeOf } from '../sql/event-place.ts'
import { connectionOf, eventFrom, type StoredEvent } from '../sql/events.ts'
import { toPage } from '../sql/page.ts'
import type { PgQueries, PgValue } from './pool.ts'

async function placeOfEvent(
  db: PgQueries,
  query: EventQuery,
  id: string,
  order: Order,
): Promise<number> {
  const [row] = await db.all(`SELECT position, sequence, subject FROM events WHERE id = $1`, id)
  return placeOf(row ?? null, query, order)
}

/** The last position at which nothing later than `at` had arrived. */
async function positionBefore(db: PgQueries, at: Instant): Promise<number> {
  const [row] = await db.all(
    `SELECT position FROM events WHERE latest_at > $1 ORDER BY latest_at, position LIMIT 1`,
    at,
  )
  return row === undefined ? Number.MAX_SAFE_INTEGER : integer(row, 'position') - 1
}

/** Where to begin: after a place in the order that the query walks. */
async function startOf(db: PgQueries, query: EventQuery, order: Order): Promise<number> {
  const cursor = fromCursor(query.cursor)
  const { after } = query
  if (after === undefined) return cursor
  if (typeof after === 'string') {
    return Math.max(cursor, await placeOfEvent(db, query, after, order))
  }
  return order === 'position' ? Math.max(cursor, await positionBefore(db, after)) : cursor
}

const IN_CONNECTION = 'connection = c.id'

/**
 * Events of one scope after a place; `scoped` is what to compare, and with what at `$1`. The places are found in an index
 * alone, and then the events of the page are read, each by its own: the planner cannot take another way, which would be
 * long where what is looked for is rare.
 */
async function eventsAfter(
  db: PgQueries,
  query: EventQuery,
  scoped: readonly [condition: string, value: PgValue] | null,
  order: Order,
): Promise<readonly SqlRow[]> {
  const values: PgValue[] = scoped === null ? [] : [scoped[1]]
  const conditions = scoped === null ? [] : [scoped[0]]
  conditions.push(`${order} > $${values.push(await startOf(db, query, order))}::bigint`)
  if (query.type !== undefined) conditions.push(`type = $${values.push(query.type)}`)
  if (typeof query.after === 'number') conditions.push(`at > $${values.push(query.after)}::bigint`)
  const limit = `$${values.push(query.limit + 1)}::bigint`
  const page = `SELECT position FROM events WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${limit}`
  const places =
    scoped?.[0] === IN_CONNECTION
      ? `SELECT own.position FROM unnest($1::text[]) c (id) CROSS JOIN LATERAL (${page}) own
         ORDER BY own.position LIMIT ${limit}`
      : page
  return db.all(
    `SELECT e.* FROM (${places}) found CROSS JOIN LATERAL (
       SELECT * FROM events WHERE position = found.position LIMIT 1
     ) e ORDER BY e.position`,
    ...values,
  )
}

/**
 * One page of events, in the order in which they arrived.
 *
 * @throws Fault invalid_request for a cursor or an `after` that does not belong to the query
 */
export async function listEvents(db: PgQueries, query: EventQuery): Promise<Page<StoredEvent>> {
  const { subject, connections, limit } = query
  if (subject === undefined) {
    const scope =
      connections === undefined ? null : ([IN_CONNECTION, [...new Set(connections)]] as const)
    const rows = await eventsAfter(db, query, scope, 'position')
    const page = toPage(rows, limit, (row) => String(integer(row, 'position')))
    return { ...page, items: page.items.map(eventFrom) }
  }
  const connection = connectionOf(subject)
  const visible = connection !== null && connections?.includes(connection) === true
  if (connections !== undefined && !visible) return { items: [], nextCursor: null }
  const rows = await eventsAfter(db, query, ['subject = $1', subject], 'sequence')
  return toPage(rows.map(eventFrom), limit, (event) => String(event.sequence))
}
