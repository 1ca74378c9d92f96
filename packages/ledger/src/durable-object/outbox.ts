import type { AggregateKey } from '@latchkey/core'
import { readAggregate } from '../sql/aggregates.ts'
import type { Change } from '../sql/change.ts'
import { aggregateKey, damaged, integer } from '../sql/columns.ts'
import { first, type SqlDatabase } from '../sql/database.ts'
import { eventFrom } from '../sql/events.ts'
import type { Migration } from '../sql/migrate.ts'
import type { Batch } from './projection.ts'

/**
 * What the registry has not confirmed yet: the aggregates that changed, each once, and every event after
 * a position (events are never changed, so the table of events is their own outbox).
 */
export const OUTBOX_SCHEMA: readonly Migration[] = [
  [
    `CREATE TABLE outbox (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID`,
    `INSERT INTO counters (name, value) VALUES ('pushed', 0)`,
  ],
]

/** Together below the 32 MiB that one RPC may carry, were each row and event as long as it may be. */
const ROWS_PER_BATCH = 32
const EVENTS_PER_BATCH = 64

/** Whether lists or events change by a change; tasks are nobody else's business. */
export function isPublic(change: Change): boolean {
  return change.state !== 'keep' || change.events.length > 0
}

/** Notes that an aggregate is to be told; in the transaction that changes it. */
export function enqueue(db: SqlDatabase, key: AggregateKey): void {
  db.run(`INSERT INTO outbox (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING`, key.kind, key.id)
}

function pushedPosition(db: SqlDatabase): number {
  const row = first(db, `SELECT value FROM counters WHERE name = 'pushed'`)
  if (row === null) throw damaged('counter pushed')
  return integer(row, 'value')
}

/**
 * The next batch to send, or null; `full`: there may be more behind it.
 * @param read what is stored of an aggregate
 */
export function nextBatch(
  db: SqlDatabase,
  read = (key: AggregateKey) => readAggregate(db, key),
): { batch: Batch; full: boolean } | null {
  const rows = db.all(`SELECT kind, id FROM outbox ORDER BY kind, id LIMIT ?`, ROWS_PER_BATCH)
  const events = db.all(
    `SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?`,
    pushedPosition(db),
    EVENTS_PER_BATCH,
  )
  if (rows.length === 0 && events.length === 0) return null
  const batch = {
    rows: rows.map((row) => {
      const key = aggregateKey(row)
      return { key, ...read(key) }
    }),
    events: events.map(eventFrom),
  }
  return { batch, full: rows.length === ROWS_PER_BATCH || events.length === EVENTS_PER_BATCH }
}

/** Forgets a batch that has arrived; a row that has changed since stays to be told again. */
export function acknowledge(db: SqlDatabase, batch: Batch): void {
  for (const { key, version } of batch.rows) {
    db.run(
      `DELETE FROM outbox WHERE kind = ?1 AND id = ?2
         AND ?3 = (SELECT version FROM aggregates WHERE kind = ?1 AND id = ?2)`,
      key.kind,
      key.id,
      version,
    )
  }
  const last = batch.events.at(-1)
  if (last === undefined) return
  db.run(
    `UPDATE counters SET value = max(value, (SELECT position FROM events WHERE id = ?))
     WHERE name = 'pushed'`,
    last.id,
  )
}

/** Whether the registry has something to be told. */
export function isPending(db: SqlDatabase): boolean {
  const row = first(
    db,
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox) OR EXISTS (
       SELECT 1 FROM events WHERE position > (SELECT value FROM counters WHERE name = 'pushed')
     )`,
  )
  return row !== null
}
