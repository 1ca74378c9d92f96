import { idPrefixWithin, type ListQuery, type Page, type Row } from '@latchkey/core'
import { integer, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow, type SqlValue } from './database.ts'
import { decodeState } from './json.ts'
import { toPage } from './page.ts'

/** A row of a list; the state is JSON text. */
export interface StoredRow {
  readonly id: string
  readonly version: number
  readonly state: string
}

/** A filter with fewer matches than this leads; counting further would cost more than it saves. */
const COUNT_UP_TO = 1000

/** Sorts after every other text: the last code point, in UTF-8 as in SQLite's comparison. */
const LAST = '\u{10FFFF}'

/** Ids from `low` to `high`, both included. */
interface Span {
  readonly low: string
  readonly high: string
}

/** What a query may find, in the order of ids: one span for each connection that it is kept to. */
function spansOf(query: ListQuery): readonly Span[] {
  const { kind, cursor, within } = query
  const connections = within === undefined ? query.connections : [within]
  // The least text after the cursor that an id can be.
  const start = cursor === undefined ? '' : `${cursor}\u0001`
  if (connections === undefined) return [{ low: start, high: LAST }]
  return [...new Set(connections)]
    .flatMap((id) => idPrefixWithin(kind, id) ?? [])
    .sort()
    .map((prefix) => ({ low: start > prefix ? start : prefix, high: prefix + LAST }))
    .filter(({ low, high }) => low <= high)
}

type Filter = readonly [name: string, value: string]

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
  const items = rows.map((row) => ({
    id: text(row, 'id'),
    version: integer(row, 'version'),
    state: text(row, 'state'),
  }))
  return toPage(items, query.limit, (row) => row.id)
}

/** A page of stored rows as the port hands it out. */
export function decodeRows<S>(page: Page<StoredRow>): Page<Row<S>> {
  const items = page.items.map((row) => ({ ...row, state: decodeState<S>(row.state) }))
  return { items, nextCursor: page.nextCursor }
}
