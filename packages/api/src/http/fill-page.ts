import type { Ledger, ListQuery, Page, Row } from '@latchkey/core'

/**
 * A page of the rows that `keep` lets through, no less full than others: neither its length nor its cursor tells of those
 * that were left out.
 */
export async function fillPage<S>(
  ledger: Ledger,
  query: ListQuery,
  keep: (state: S) => boolean,
): Promise<Page<Row<S>>> {
  const { limit } = query
  const kept: Row<S>[] = []
  let next: ListQuery | null = query
  while (next !== null && kept.length <= limit) {
    const page: Page<Row<S>> = await ledger.list<S>(next)
    kept.push(...page.items.filter((row) => keep(row.state)))
    next = page.nextCursor === null ? null : { ...query, cursor: page.nextCursor }
  }
  const items = kept.slice(0, limit)
  return { items, nextCursor: kept.length > limit ? (items.at(-1)?.id ?? null) : null }
}
