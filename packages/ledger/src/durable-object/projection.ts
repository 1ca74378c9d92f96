import type { AggregateKey } from '@latchkey/core'
import { ABSENT, type StoredAggregate, writeAggregate } from '../sql/aggregates.ts'
import { integer, text } from '../sql/columns.ts'
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

function placeOf(db: SqlDatabase, { kind, id }: AggregateKey) {
  const row = first(
    db,
    `SELECT version, labels FROM aggregates WHERE kind = ? AND id = ?`,
    kind,
    id,
  )
  if (row === null) return ABSENT
  return { version: integer(row, 'version'), labels: text(row, 'labels') }
}

/**
 * Takes a batch in. It may come twice, and an older one after a newer: a row goes in only over an older
 * version, an event only where its place in the chain is free.
 */
export function applyBatch(db: SqlDatabase, batch: Batch): void {
  for (const { key, version, state, labels } of batch.rows) {
    const current = placeOf(db, key)
    if (version > current.version) writeAggregate(db, key, current, { version, state, labels })
  }
  for (const event of batch.events) insertEvent(db, event, 'keep')
}
