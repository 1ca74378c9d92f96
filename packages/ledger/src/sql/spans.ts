import { idPrefixWithin, type ListQuery } from '@latchkey/core'

/** Sorts after every other text: the last code point, in UTF-8 as in SQLite's comparison. */
const LAST = '\u{10FFFF}'

/** Ids from `low` to `high`, both included. */
export interface Span {
  readonly low: string
  readonly high: string
}

/** What a query may find, in the order of ids: one span for each connection that it is kept to. */
export function spansOf(query: ListQuery): readonly Span[] {
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
