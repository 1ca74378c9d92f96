import type { AggregateKey, ChainHead } from '@latchkey/core'
import { ABSENT, type StoredAggregate } from '../sql/aggregates.ts'
import { integer, nullableInteger, nullableText, text } from '../sql/columns.ts'
import { decodeStrings } from '../sql/json.ts'
import type { PgQueries } from './pool.ts'

/** An aggregate with what the next commit has to follow. */
export interface Current extends StoredAggregate {
  /** The newest event of its chain. */
  readonly head: Omit<ChainHead, 'subject'> | null
  /** The commit that made this version. */
  readonly writer: string | null
}

export async function readAggregate(db: PgQueries, key: AggregateKey): Promise<StoredAggregate> {
  const [row] = await db.all(
    `SELECT version, state, labels FROM aggregates WHERE kind = $1 AND id = $2`,
    key.kind,
    key.id,
  )
  if (row === undefined) return ABSENT
  return {
    version: integer(row, 'version'),
    state: nullableText(row, 'state'),
    labels: text(row, 'labels'),
  }
}

/** Reads an aggregate and the head of its chain as of the same moment. */
export async function readCurrent(db: PgQueries, key: AggregateKey): Promise<Current> {
  const [row] = await db.all(
    `SELECT a.version, a.state, a.labels, a.writer, head.sequence, head.hash
     FROM aggregates a LEFT JOIN LATERAL (
       SELECT sequence, hash FROM events WHERE subject = a.id ORDER BY sequence DESC LIMIT 1
     ) head ON TRUE
     WHERE a.kind = $1 AND a.id = $2`,
    key.kind,
    key.id,
  )
  if (row === undefined) return { ...ABSENT, head: null, writer: null }
  const sequence = nullableInteger(row, 'sequence')
  return {
    version: integer(row, 'version'),
    state: nullableText(row, 'state'),
    labels: text(row, 'labels'),
    writer: text(row, 'writer'),
    head: sequence === null ? null : { sequence, hash: text(row, 'hash') },
  }
}

/** Puts `next` in the place of the version before it; false: somebody else has changed it. */
export async function replaceAggregate(
  db: PgQueries,
  key: AggregateKey,
  next: StoredAggregate,
  writer: string,
): Promise<boolean> {
  const { kind, id } = key
  const { version, state, labels } = next
  const written =
    version === 1
      ? await db.all(
          `INSERT INTO aggregates (kind, id, version, state, labels, writer)
           VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT (kind, id) DO NOTHING RETURNING id`,
          kind,
          id,
          state,
          labels,
          writer,
        )
      : await db.all(
          `UPDATE aggregates SET version = $3, state = $4, labels = $5, writer = $6
           WHERE kind = $1 AND id = $2 AND version = $3::bigint - 1 RETURNING id`,
          kind,
          id,
          version,
          state,
          labels,
          writer,
        )
  return written.length > 0
}

/** Brings the rows that lists filter by in line. */
export async function replaceLabels(
  db: PgQueries,
  { kind, id }: AggregateKey,
  current: StoredAggregate,
  next: StoredAggregate,
): Promise<void> {
  if (next.labels === current.labels) return
  const before = decodeStrings(current.labels, `the labels of ${id}`)
  const after = decodeStrings(next.labels, `the labels of ${id}`)
  const gone = Object.entries(before).filter(([name, value]) => after[name] !== value)
  const come = Object.entries(after).filter(([name, value]) => before[name] !== value)
  const split = (labels: typeof gone) => [labels.map(([name]) => name), labels.map(([, it]) => it)]
  if (gone.length > 0) {
    await db.all(
      `DELETE FROM labels WHERE kind = $1 AND id = $2
       AND (name, value) IN (SELECT * FROM unnest($3::text[], $4::text[]))`,
      kind,
      id,
      ...split(gone),
    )
  }
  if (come.length > 0) {
    await db.all(
      `INSERT INTO labels (kind, name, value, id)
       SELECT $1::text, name, value, $2::text FROM unnest($3::text[], $4::text[]) l (name, value)`,
      kind,
      id,
      ...split(come),
    )
  }
}
