import type { ListQuery, Page } from '@latchkey/core'
import { integer } from '../sql/columns.ts'
import type { SqlRow } from '../sql/database.ts'
import { COUNT_UP_TO, type Filter, pageOfRows, type StoredRow } from '../sql/list.ts'
import { type Span, spansOf } from '../sql/spans.ts'
import type { PgQueries, PgValue } from './pool.ts'

async function countMatches(
  db: PgQueries,
  kind: string,
  [name, value]: Filter,
  after: string,
): Promise<number> {
  const [row] = await db.all(
    `SELECT count(*) AS matches FROM (
       SELECT 1 FROM labels WHERE kind = $1 AND name = $2 AND value = $3 AND id > $4 LIMIT $5
     ) matching`,
    kind,
    name,
    value,
    after,
    COUNT_UP_TO,
  )
  return row === undefined ? 0 : integer(row, 'matches')
}

/** The rarest label leads and every other is looked up by key, so a page costs what the rarest has. */
async function byRarity(
  db: PgQueries,
  kind: string,
  filters: Filter[],
  after: string,
): Promise<Filter[]> {
  if (filters.length < 2) return filters
  const counted = await Promise.all(
    filters.map(async (filter) => ({
      filter,
      matches: await countMatches(db, kind, filter, after),
    })),
  )
  return counted.sort((one, other) => one.matches - other.matches).map(({ filter }) => filter)
}

function selectAll(
  db: PgQueries,
  kind: string,
  span: Span,
  limit: number,
): Promise<readonly SqlRow[]> {
  return db.all(
    `SELECT id, version, state FROM aggregates
     WHERE kind = $1 AND id BETWEEN $2 AND $3 AND state IS NOT NULL ORDER BY id LIMIT $4`,
    kind,
    span.low,
    span.high,
    limit,
  )
}

function selectFiltered(
  db: PgQueries,
  kind: string,
  [lead, ...others]: readonly [Filter, ...Filter[]],
  { span, limit }: { readonly span: Span; readonly limit: number },
): Promise<readonly SqlRow[]> {
  const values: PgValue[] = [kind, ...lead, span.low, span.high, limit]
  // A lateral query with a limit is looked up row by row: the planner neither turns it round nor reads it as a whole.
  const joins = others.map((filter, index) => {
    const [name, value] = [values.push(filter[0]), values.push(filter[1])]
    return `CROSS JOIN LATERAL (
       SELECT 1 FROM labels WHERE kind = $1 AND name = $${name} AND value = $${value} AND id = lead.id
       LIMIT 1
     ) l${index}`
  })
  return db.all(
    `SELECT a.id, a.version, a.state FROM labels lead ${joins.join(' ')}
     CROSS JOIN LATERAL (
       SELECT id, version, state FROM aggregates WHERE kind = $1 AND id = lead.id LIMIT 1
     ) a
     WHERE lead.kind = $1 AND lead.name = $2 AND lead.value = $3 AND lead.id BETWEEN $4 AND $5
     ORDER BY lead.id LIMIT $6`,
    ...values,
  )
}

/** One page of the live rows of a kind, by ascending id. */
export async function listRows(db: PgQueries, query: ListQuery): Promise<Page<StoredRow>> {
  const { kind, where = {}, cursor = '' } = query
  const [lead, ...others] = await byRarity(db, kind, Object.entries(where), cursor)
  const rows: SqlRow[] = []
  for (const span of spansOf(query)) {
    const limit = query.limit + 1 - rows.length
    if (limit === 0) break
    rows.push(
      ...(lead === undefined
        ? await selectAll(db, kind, span, limit)
        : await selectFiltered(db, kind, [lead, ...others], { span, limit })),
    )
  }
  return pageOfRows(rows, query.limit)
}
