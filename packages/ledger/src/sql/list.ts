import type { ListQuery, Page, Row } from '@latchkey/core'
import { integer, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow, type SqlValue } from './database.ts'
import { decodeState } from './json.ts'
import { toPage } from './page.ts'
import { type Span, spansOf } from './spans.ts'

/** A row of a list; the state is JSON text. */
export interface StoredRow {
  readonly id: string
  readonly version: number
  readonly state: string
}

/** A filter with fewer matches than this leads; counting further would cost more than it saves. */
export const COUNT_UP_TO = 1000

export type Filter = readonly [name: string, value: string]

/** How many rows from `after` on carry a label, counted up to a bound. */
function countMatches(db: SqlDatabase, kind: string, [name, value]: Filter, after: string): number {
  const row = first(
    db,
    `SELECT count(*) AS matches FROM (
       SELECT 1 FROM labels WHERE kind = ? AND name = ? AND value = ? AND id > ? LIMIT ?
     )`,
    kind,
    name,
    value,
    after,
    COUNT_UP_TO,
  )
  return row === null ? 0 : integer(row, 'matches')
}

/** The rarest label leads and every other is looked up by key, so a page costs what the rarest has. */
function byRarity(db: SqlDatabase, kind: string, filters: Filter[], after: string): Filter[] {
  if (filters.length < 2) return filters
  return filters
    .map((filter) => ({ filter, matches: countMatches(db, kind, filter, after) }))
    .sort((one, other) => one.matches - other.matches)
    .map(({ filter }) => filter)
}

function selectAll(db: SqlDatabase, kind: string, span: Span, limit: number): readonly SqlRow[] {
  return db.all(
    `SELECT id, version, state FROM aggregates INDEXED BY aggregates_live
     WHERE kind = ? AND id BETWEEN ? AND ? AND state IS NOT NULL ORDER BY id LIMIT ?`,
    kind,
    span.low,
    span.high,
    limit,
  )
}

function selectFiltered(
  db: SqlDatabase,
  kind: string,
  [lead, ...others]: readonly [Filter, ...Filter[]],
  { span, limit }: { readonly span: Span; readonly limit: number },
): readonly SqlRow[] {
  // CROSS JOIN keeps SQLite from changing the order of the tables.
  const joins = others.map(
    (_, index) =>
      `CROSS JOIN labels l${index} ON l${index}.kind = lead.kind AND l${index}.name = ?
       AND l${index}.value = ? AND l${index}.id = lead.id`,
  )
  const values: SqlValue[] = [...others.flat(), kind, ...lead, span.low, span.high, limit]
  return db.all(
    `SELECT a.id AS id, a.version AS version, a.state AS state
     FROM labels lead ${joins.join(' ')}
     CROSS JOIN aggregates a ON a.kind = lead.kind AND a.id = lead.id
     WHERE lead.kind = ? AND lead.name = ? AND lead.value = ? AND lead.id BETWEEN ? AND ?
     ORDER BY lead.id LIMIT ?`,
    ...values,
  )
}

/** Makes a page of rows with columns `id`, `version` and `state`. */
export function pageOfRows(rows: readonly SqlRow[], limit: number): Page<StoredRow> {
  const items = rows.map((row) => ({
    id: text(row, 'id'),
    version: integer(row, 'version'),
    state: text(row, 'state'),
  }))
  return toPage(items, limit, (row) => row.id)
}

/** One page of the live rows of a kind, by ascending id. */
export function listRows(db: SqlDatabase, query: ListQuery): Page<StoredRow> {
  const { kind, where = {}, cursor = '' } = query
  const [lead, ...others] = byRarity(db, kind, Object.entries(where), cursor)
  const rows: SqlRow[] = []
  for (const span of spansOf(query)) {
    const limit = query.limit + 1 - rows.length
    if (limit === 0) break
    rows.push(
      ...(lead === undefined
        ? selectAll(db, kind, span, limit)
        : selectFiltered(db, kind, [lead, ...others], { span, limit })),
    )
  }
  return pageOfRows(rows, query.limit)
}

/** A page of stored rows as the port hands it out. */
export function decodeRows<S>(page: Page<StoredRow>): Page<Row<S>> {
  const items = page.items.map((row) => ({ ...row, state: decodeState<S>(row.state) }))
  return { items, nextCursor: page.nextCursor }
}
