import type { AggregateKey, ChainHead } from '@latchkey/core'
import { ABSENT, type StoredAggregate } from '../sql/aggregates.ts'
import { integer, nullableInteger, nullableText, text } from '../sql/columns.ts'
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
