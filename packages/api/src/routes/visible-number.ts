import {
  type NumberState,
  partitionOf,
  type ReadOptions,
  readNumber,
  requireSight,
} from '@latchkey/core'
import type { RouteContext } from '../http/context.ts'

type NumberContext = RouteContext<{ numberId: string }, unknown>

/**
 * Told by the id alone, before anything is looked up or claimed: what a token may not know of takes as long to be
 * refused as what does not exist.
 * @throws Fault not_found
 */
export function requireNumberSight({ params: { numberId: id }, principal }: NumberContext): void {
  requireSight(principal, partitionOf({ kind: 'number', id }), { noun: 'number', id })
}

/** The number of the path, if the token may know of it. @throws Fault not_found */
export async function visibleNumber(
  context: NumberContext,
  options: ReadOptions = {},
): Promise<NumberState> {
  requireNumberSight(context)
  const { state } = await readNumber(context.services, context.params.numberId, options)
  return state
}
