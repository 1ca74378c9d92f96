import {
  type Actor,
  type ChainHead,
  type Event,
  type JsonObject,
  kindOf,
  type Page,
  partitionOf,
} from '@latchkey/core'
import { eventIdOf, hashEvent } from '../event-hash.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { EventEntry } from './change.ts'
import { integer, nullableText, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { decodeObject } from './json.ts'

const ACTOR_KINDS = {
  token: true,
  jwt: true,
  trigger: true,
  webhook: true,
  schedule: true,
  system: true,
} as const satisfies Record<Actor['kind'], true>

function isActorKind(kind: string): kind is Actor['kind'] {
  return Object.hasOwn(ACTOR_KINDS, kind)
}

/** An event as it is stored; the data is JSON text. */
export type StoredEvent = Omit<Event, 'data'> & { readonly data: string }

/**
 * Reads an event; whether it is unaltered is for `continuesChain` to say. What was made unreadable is read as
 * something else, whose hash is another: it breaks its own chain, and not the log for everybody.
 */
export function eventFrom(row: SqlRow): StoredEvent {
  const kind = text(row, 'actor_kind')
  return {
    id: text(row, 'id'),
    at: integer(row, 'at'),
    type: text(row, 'type'),
    subject: text(row, 'subject'),
    sequence: integer(row, 'sequence'),
    actor: { kind: isActorKind(kind) ? kind : 'system', id: text(row, 'actor_id') },
    data: text(row, 'data'),
    hash: text(row, 'hash'),
    previousHash: nullableText(row, 'previous_hash'),
  }
}

/** A page of stored events as the port hands it out. */
export function decodeEvents(page: Page<StoredEvent>): Page<Event> {
  const items = page.items.map((event) => ({ ...event, data: dataOf(event.data) }))
  return { items, nextCursor: page.nextCursor }
}

function dataOf(stored: string): JsonObject {
  try {
    return decodeObject(stored, 'event data')
  } catch {
    return { unreadable: stored }
  }
}

/** The connection that a subject lives in or is, or null. */
export function connectionOf(subject: string): string | null {
  const kind = kindOf(subject)
  if (kind === null) return null
  if (kind === 'connection') return subject
  const partition = partitionOf({ kind, id: subject })
  return partition === 'registry' ? null : partition
}

const INSERT_EVENT = `INSERT INTO events (id, subject, sequence, connection, type, at, latest_at,
       actor_kind, actor_id, data, hash, previous_hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
       max(?6, ifnull((SELECT latest_at FROM events ORDER BY position DESC LIMIT 1), ?6)),
       ?7, ?8, ?9, ?10, ?11)`
const INSERT_UNKNOWN_EVENT = `${INSERT_EVENT} ON CONFLICT (subject, sequence) DO NOTHING`

/**
 * Stores an event as the newest to arrive.
 * @param known what becomes of one whose place in its chain is taken
 */
export function insertEvent(
  db: SqlDatabase,
  event: StoredEvent,
  known: 'refuse' | 'keep' = 'refuse',
): void {
  db.run(
    known === 'refuse' ? INSERT_EVENT : INSERT_UNKNOWN_EVENT,
    event.id,
    event.subject,
    event.sequence,
    connectionOf(event.subject),
    event.type,
    event.at,
    event.actor.kind,
    event.actor.id,
    event.data,
    event.hash,
    event.previousHash,
  )
}

function headOf(db: SqlDatabase, subject: string): ChainHead | null {
  const row = first(
    db,
    `SELECT sequence, hash FROM events WHERE subject = ? ORDER BY sequence DESC LIMIT 1`,
    subject,
  )
  if (row === null) return null
  return { subject, sequence: integer(row, 'sequence'), hash: text(row, 'hash') }
}

/** What entries become at the end of a subject's chain, of which `head` is the newest event so far. */
export function chainEvents(
  subject: string,
  head: Omit<ChainHead, 'subject'> | null,
  entries: readonly EventEntry[],
): StoredEvent[] {
  let last = head
  return entries.map(({ type, at, actor, data }) => {
    const content = {
      type,
      at,
      actor,
      data: decodeObject(data, 'event data'),
      subject,
      sequence: (last?.sequence ?? 0) + 1,
      previousHash: last?.hash ?? null,
    }
    const hash = hashEvent(content)
    last = { sequence: content.sequence, hash }
    return { ...content, id: eventIdOf(hash), hash, data: canonicalJson(content.data) }
  })
}

/** Adds entries to the end of a subject's chain. */
export function appendEvents(
  db: SqlDatabase,
  subject: string,
  entries: readonly EventEntry[],
): void {
  if (entries.length === 0) return
  const head = headOf(db, subject)
  for (const event of chainEvents(subject, head, entries)) insertEvent(db, event)
}
