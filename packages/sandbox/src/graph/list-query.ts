import { isRecord } from '../shared/readers.ts'
import { GraphError } from './errors.ts'

/**
 * What a list's `filtering` leaves: a JSON array of `{field, operator, value}`, of which only the
 * operator `EQUAL` is documented.
 * @throws GraphError 100 for anything else
 */
export function filterNodes<T>(
  all: readonly T[],
  describe: (item: T) => Readonly<Record<string, unknown>>,
  filtering: string | null,
): readonly T[] {
  if (filtering === null) return all
  const filters = readFilters(filtering)
  return all.filter((item) => {
    const node = describe(item)
    return filters.every(({ field, value }) => node[field] === value)
  })
}

/**
 * The list in the order of its `sort`: `creation_time` or `last_onboarded_time`, `.asc` or `.desc`.
 * Numbers are kept in the order in which they came, so both are the same here.
 * @throws GraphError 100 for any other order
 */
export function sortNodes<T>(all: readonly T[], sort: string | null): readonly T[] {
  if (sort === null) return all
  const order = /^(?:creation_time|last_onboarded_time)\.(asc|desc)$/.exec(sort)?.[1]
  if (order === undefined) throw new GraphError(100, { message: '(#100) Invalid sort' })
  return order === 'asc' ? all : all.toReversed()
}

function readFilters(text: string): readonly { readonly field: string; readonly value: unknown }[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalidFiltering()
  }
  if (!Array.isArray(parsed)) throw invalidFiltering()
  return parsed.map((each: unknown) => {
    if (!isRecord(each) || typeof each['field'] !== 'string' || each['operator'] !== 'EQUAL')
      throw invalidFiltering()
    return { field: each['field'], value: each['value'] }
  })
}

function invalidFiltering(): GraphError {
  return new GraphError(100, { message: '(#100) Invalid filtering' })
}
