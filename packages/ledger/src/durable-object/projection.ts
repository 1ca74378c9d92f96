import type { AggregateKey } from '@latchkey/core'
import { readAggregate, type StoredAggregate, writeAggregate } from '../sql/aggregates.ts'
import { first, type SqlDatabase } from '../sql/database.ts'
import { insertEvent, type StoredEvent } from '../sql/events.ts'

export interface ProjectedRow extends StoredAggregate {
  readonly key: AggregateKey
}

/** What a connection's object tells the registry, so that lists and events reach over all connections. */
export interface Batch {
  readonly rows: readonly ProjectedRow[]
  /** In the order of their arrival. */
  readonly events: readonly StoredEvent[]
}

function isKnown(db: SqlDatabase, event: StoredEvent): boolean {
  const row = first(
    db,
    `SELECT 1 FROM events WHERE subject = ? AND sequence = ?`,
    event.subject,
    event.sequence,
  )
  return row !== null
}

/**
 * Takes a batch in. It may come twice, and an older one after a newer: a row goes in only over an older
 * version, an event only where its place in the chain is free.
 */
export function applyBatch(db: SqlDatabase, batch: Batch): void {
  for (const { key, version, state, labels } of batch.rows) {
    const current = readAggregate(db, key)
    if (version > current.version) writeAggregate(db, key, current, { version, state, labels })
  }
  for (const event of batch.events) if (!isKnown(db, event)) insertEvent(db, event)
}
