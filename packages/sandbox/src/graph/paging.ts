import { GraphError } from './errors.ts'
import type { GraphKnobs } from './knobs.ts'

const DEFAULT_LIMIT = 25
const MAX_LIMIT = 100

interface Paging {
  readonly cursors: { readonly before: string; readonly after: string }
  readonly previous?: string
  readonly next?: string
}

interface PageRequest {
  readonly url: URL
  /** Written into `next` and `previous`, as Meta does. */
  readonly token: string
  readonly knobs: Readonly<GraphKnobs>
}

/**
 * The page that `limit` (1 to 100), `after` and `before` of a list's query ask for.
 * @throws GraphError 100 for a limit out of bounds or a cursor that was never given out
 */
export function pageOf<T>(
  all: readonly T[],
  idOf: (item: T) => string,
  request: PageRequest,
): { readonly items: readonly T[]; readonly paging: Paging | null } {
  const query = request.url.searchParams
  const limit = readLimit(query.get('limit'))
  if (request.knobs.paging === 'none') return { items: all, paging: null }
  const find = (cursor: string) => {
    const id = readCursor(cursor)
    const index = all.findIndex((item) => idOf(item) === id)
    if (index === -1) throw new GraphError(100, { message: '(#100) Invalid cursors values' })
    return index
  }
  const after = query.get('after')
  const before = query.get('before')
  const end = before === null ? undefined : find(before)
  const start =
    end === undefined ? (after === null ? 0 : find(after) + 1) : Math.max(0, end - limit)
  const items = all.slice(start, end ?? start + limit)
  const [first, last] = [items[0], items.at(-1)]
  if (first === undefined || last === undefined) return { items, paging: null }
  const cursors = { before: btoa(idOf(first)), after: btoa(idOf(last)) }
  const to = (name: 'after' | 'before', cursor: string) => linkTo(request, limit, name, cursor)
  return {
    items,
    paging: {
      cursors,
      ...(start > 0 ? { previous: to('before', cursors.before) } : {}),
      ...(start + items.length < all.length ? { next: to('after', cursors.after) } : {}),
    },
  }
}

function readCursor(cursor: string): string | null {
  try {
    return atob(cursor)
  } catch {
    return null
  }
}

function readLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new GraphError(100, { message: `(#100) Param limit must be from 1 to ${MAX_LIMIT}` })
}

function linkTo(
  request: PageRequest,
  limit: number,
  name: 'after' | 'before',
  cursor: string,
): string {
  const { url, knobs } = request
  const link = new URL(url.pathname, knobs.nextOrigin ?? url.origin)
  for (const [each, value] of url.searchParams)
    if (each !== 'after' && each !== 'before') link.searchParams.set(each, value)
  link.searchParams.set('access_token', request.token)
  link.searchParams.set('limit', String(limit))
  link.searchParams.set(name, cursor)
  return link.href
}
