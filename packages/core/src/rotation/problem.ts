import type { Fault } from '../fault/fault.ts'
import type { EntryProblem } from './state.ts'

/** What may be shown of a fault, as it is kept with a number that failed. */
export function entryProblem({ code, message, upstream }: Fault): EntryProblem {
  return { code, message, ...(upstream === undefined ? {} : { upstream }) }
}
