import { expect } from 'vitest'

/** An object with at least these fields, for `toEqual`. */
export function containing(fields: object): unknown {
  return expect.objectContaining(fields)
}

/** Any string, for `toEqual`. */
export const anyText: unknown = expect.any(String)
