import {
  type Actor,
  type ChainHead,
  type Event,
  kindOf,
  type Page,
  partitionOf,
} from '@latchkey/core'
import { eventIdOf, hashEvent } from '../event-hash.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { EventEntry } from './change.ts'
import { damaged, integer, nullableText, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { decodeObject } from './json.ts'
import { toPage } from './page.ts'

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

/** Reads an event as it is stored; whether it is unaltered is for `continuesChain` to say. */
export function eventFrom(row: SqlRow): Event {
  const kind = text(row, 'actor_kind')
  if (!isActorKind(kind)) throw damaged('column actor_kind')
  return {
    id: text(row, 'id'),
    at: integer(row, 'at'),
    type: text(row, 'type'),
    subject: text(row, 'subject'),
    sequence: integer(row, 'sequence'),
    actor: { kind, id: text(row, 'actor_id') },
    data: decodeObject(text(row, 'data'), 'column data'),
    hash: text(row, 'hash'),
    previousHash: nullableText(row, 'previous_hash'),
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

/** Stores an event as the newest to arrive. */
export function insertEvent(db: SqlDatabase, event: Event): void {
  db.run(
    `INSERT INTO events (id, subject, sequence, connection, type, at, latest_at,
       actor_kind, actor_id, data, hash, previous_hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
       max(?6, ifnull((SELECT latest_at FROM events ORDER BY position DESC LIMIT 1), ?6)),
       ?7, ?8, ?9, ?10, ?11)`,
    event.id,
    event.subject,
    event.sequence,
    connectionOf(event.subject),
    event.type,
    event.at,
    event.actor.kind,
    event.actor.id,
    canonicalJson(event.data),
    event.hash,
    event.previousHash,
  )
}

function headFrom(row: SqlRow): ChainHead {
  return {
    subject: text(row, 'subject'),
    sequence: integer(row, 'sequence'),
    hash: text(row, 'hash'),
  }
}

function headOf(db: SqlDatabase, subject: string): ChainHead | null {
  const row = first(
    db,
    `SELECT subject, sequence, hash FROM events WHERE subject = ? ORDER BY sequence DESC LIMIT 1`,
    subject,
  )
  return row === null ? null : headFrom(row)
}

/** Adds entries to the end of a subject's chain. */
export function appendEvents(
  db: SqlDatabase,
  subject: string,
  entries: readonly EventEntry[],
): void {
  if (entries.length === 0) return
  let head = headOf(db, subject)
  for (const { type, at, actor, data } of entries) {
    const content = {
      type,
      at,
      actor,
      data: decodeObject(data, 'event data'),
      subject,
      sequence: (head?.sequence ?? 0) + 1,
      previousHash: head?.hash ?? null,
    }
    const hash = hashEvent(content)
    insertEvent(db, { ...content, id: eventIdOf(hash), hash })
    head = { subject, sequence: content.sequence, hash }
  }
}

/** Every subject's newest event, by ascending subject; steps from subject to subject, not over events. */
export function listHeads(db: SqlDatabase, cursor: string | null, limit: number): Page<ChainHead> {
  const rows = db.all(
    `WITH RECURSIVE subjects (subject) AS (
       SELECT min(subject) FROM events WHERE subject > ?1
       UNION ALL
       SELECT (SELECT min(subject) FROM events WHERE subject > subjects.subject)
       FROM subjects WHERE subjects.subject IS NOT NULL
       LIMIT ?2
     )
     SELECT head.subject AS subject, head.sequence AS sequence, head.hash AS hash
     FROM subjects CROSS JOIN events head ON head.subject = subjects.subject
       AND head.sequence = (SELECT max(sequence) FROM events WHERE subject = subjects.subject)`,
    cursor ?? '',
    limit + 1,
  )
  return toPage(rows.map(headFrom), limit, (head) => head.subject)
}
