import type { AggregateKey } from '@latchkey/core'
import type { Change } from './change.ts'
import { integer, nullableText, text } from './columns.ts'
import { first, type SqlDatabase } from './database.ts'
import { decodeStrings } from './json.ts'

/** An aggregate as it is stored; state and labels are JSON text. */
export interface StoredAggregate {
  /** 0: never written. */
  readonly version: number
  readonly state: string | null
  readonly labels: string
}

const NO_LABELS = '{}'

/** What is read where nothing was ever written. */
export const ABSENT: StoredAggregate = { version: 0, state: null, labels: NO_LABELS }

export function readAggregate(db: SqlDatabase, key: AggregateKey): StoredAggregate {
  const row = first(
    db,
    `SELECT version, state, labels FROM aggregates WHERE kind = ? AND id = ?`,
    key.kind,
    key.id,
  )
  if (row === null) return ABSENT
  return {
    version: integer(row, 'version'),
    state: nullableText(row, 'state'),
    labels: text(row, 'labels'),
  }
}

/** Puts `next` in the place of `current`, and brings the rows that lists filter by in line. */
export function writeAggregate(
  db: SqlDatabase,
  key: AggregateKey,
  current: Pick<StoredAggregate, 'labels'>,
  next: StoredAggregate,
): void {
  db.run(
    `INSERT INTO aggregates (kind, id, version, state, labels) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE
     SET version = excluded.version, state = excluded.state, labels = excluded.labels`,
    key.kind,
    key.id,
    next.version,
    next.state,
    next.labels,
  )
  if (next.labels !== current.labels) writeLabels(db, key, current.labels, next.labels)
}

function writeLabels(db: SqlDatabase, { kind, id }: AggregateKey, from: string, to: string): void {
  const before = decodeStrings(from, `the labels of ${id}`)
  const after = decodeStrings(to, `the labels of ${id}`)
  for (const [name, value] of Object.entries(before)) {
    const next = after[name]
    if (next === value) continue
    const row = [kind, name, value, id] as const
    if (next === undefined) {
      db.run(`DELETE FROM labels WHERE kind = ? AND name = ? AND value = ? AND id = ?`, ...row)
    } else {
      db.run(
        `UPDATE labels SET value = ? WHERE kind = ? AND name = ? AND value = ? AND id = ?`,
        next,
        ...row,
      )
    }
  }
  for (const [name, value] of Object.entries(after)) {
    if (before[name] !== undefined) continue
    db.run(`INSERT INTO labels (kind, name, value, id) VALUES (?, ?, ?, ?)`, kind, name, value, id)
  }
}

/** What `change` makes of the aggregate `current`. */
export function nextAggregate(current: StoredAggregate, change: Change): StoredAggregate {
  const version = current.version + 1
  if (change.state === 'keep') return { ...current, version }
  if (change.state === 'bury') return { version, state: null, labels: NO_LABELS }
  return { version, state: change.state.put, labels: change.labels }
}
