import { connectionOf, type StoredEvent } from '../sql/events.ts'
import type { PgQueries } from './pool.ts'

/**
 * Stores events as the newest to arrive. Takes the end of the log for as long as the transaction lasts, so it is the last
 * thing that a commit does. All of a commit carry the latest time up to its end, which only ever begins a search early.
 */
export async function insertEvents(db: PgQueries, events: readonly StoredEvent[]): Promise<void> {
  if (events.length === 0) return
  await db.all(
    `WITH taken AS (
       UPDATE log SET position = position + $1::bigint, latest_at = greatest(latest_at, $2::bigint)
       WHERE name = 'end' RETURNING position - $1::bigint AS before, latest_at
     )
     INSERT INTO events (position, id, subject, sequence, connection, type, at, latest_at,
       actor_kind, actor_id, data, hash, previous_hash)
     SELECT taken.before + e.place, e.id, e.subject, e.sequence, e.connection, e.type, e.at,
       taken.latest_at, e.actor_kind, e.actor_id, e.data, e.hash, e.previous_hash
     FROM taken, unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[]) WITH ORDINALITY
       e (id, subject, sequence, connection, type, at, actor_kind, actor_id, data, hash,
         previous_hash, place)`,
    events.length,
    Math.max(...events.map((event) => event.at)),
    ...columnsOf(events),
  )
}

function columnsOf(events: readonly StoredEvent[]) {
  return [
    events.map((event) => event.id),
    events.map((event) => event.subject),
    events.map((event) => event.sequence),
    events.map((event) => connectionOf(event.subject)),
    events.map((event) => event.type),
    events.map((event) => event.at),
    events.map((event) => event.actor.kind),
    events.map((event) => event.actor.id),
    events.map((event) => event.data),
    events.map((event) => event.hash),
    events.map((event) => event.previousHash),
  ]
}
