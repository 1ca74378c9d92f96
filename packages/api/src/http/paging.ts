import type { Page } from '@latchkey/core'
import * as z from 'zod'

const LIMIT_MAX = 200
const LIMIT_DEFAULT = 50

/** What every list takes. Its cursors are ids of `item`, or of another form. */
export const pagingQuery = <Item extends z.ZodString>(item: Item) => ({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMIT_MAX)
    .default(LIMIT_DEFAULT)
    .describe('Items of a page'),
  cursor: item.optional().describe('`nextCursor` of the page before'),
})

/** A yes or no in a query. */
export function flag(unlessGiven: boolean) {
  return z
    .enum(['true', 'false'])
    .default(unlessGiven ? 'true' : 'false')
    .transform((text) => text === 'true')
}

/** All reads but those of keys, which may be asked of a projection, go to the one writer. */
export const consistencyQuery = {
  consistency: z
    .enum(['strong', 'bounded'])
    .optional()
    .describe('`strong` goes past every projection'),
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() })
}

export function pageBody<T, U>(page: Page<T>, show: (item: T) => U) {
  return { data: page.items.map(show), nextCursor: page.nextCursor }
}

/** A page of things that are all at hand, in the order of their ids, as every list is. */
export function pageOf<Item extends { readonly id: string }>(
  all: readonly Item[],
  { limit, cursor = '' }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<Item> {
  const rest = all
    .filter(({ id }) => id > cursor)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const items = rest.slice(0, limit)
  return { items, nextCursor: rest.length > limit ? (items.at(-1)?.id ?? null) : null }
}
