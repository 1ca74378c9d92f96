import { connectionOf, type StoredEvent } from '../sql/events.ts'
import type { Builder } from './statement.ts'

/**
 * Stores events as the newest to arrive, with the version that part `changed` makes. Takes the end of the log until the
 * commit; nobody who holds what a commit waits for then waits for that. All of a commit carry the latest time up to its
 * end, which only ever begins a search early.
 */
export function addEvents(to: Builder, events: readonly StoredEvent[]): void {
  if (events.length === 0) return
  const count = to.value(events.length)
  const latest = to.value(Math.max(...events.map((event) => event.at)))
  to.part(
    'taken',
    `UPDATE log SET position = position + ${count}::bigint,
       latest_at = greatest(latest_at, ${latest}::bigint)
     WHERE name = 'end' AND EXISTS (SELECT 1 FROM changed)
     RETURNING position - ${count}::bigint AS before, latest_at`,
  )
  const texts = (values: readonly (string | null)[]) => `${to.value(values)}::text[]`
  const integers = (values: readonly number[]) => `${to.value(values)}::bigint[]`
  const columns = [
    texts(events.map((event) => event.id)),
    texts(events.map((event) => event.subject)),
    integers(events.map((event) => event.sequence)),
    texts(events.map((event) => connectionOf(event.subject))),
    texts(events.map((event) => event.type)),
    integers(events.map((event) => event.at)),
    texts(events.map((event) => event.actor.kind)),
    texts(events.map((event) => event.actor.id)),
    texts(events.map((event) => event.data)),
    texts(events.map((event) => event.hash)),
    texts(events.map((event) => event.previousHash)),
  ]
  to.part(
    'arrived',
    `INSERT INTO events (position, id, subject, sequence, connection, type, at, latest_at,
       actor_kind, actor_id, data, hash, previous_hash)
     SELECT taken.before + e.place, e.id, e.subject, e.sequence, e.connection, e.type, e.at,
       taken.latest_at, e.actor_kind, e.actor_id, e.data, e.hash, e.previous_hash
     FROM taken, unnest(${columns.join(', ')}) WITH ORDINALITY e (id, subject, sequence,
       connection, type, at, actor_kind, actor_id, data, hash, previous_hash, place)`,
  )
}
