import type { Page } from '@latchkey/core'

/** Makes a page of up to `limit` items; one more than that says that there is a next page. */
export function toPage<T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): Page<T> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const more = found.length > limit && last !== undefined
  return { items, nextCursor: more ? cursorOf(last) : null }
}
