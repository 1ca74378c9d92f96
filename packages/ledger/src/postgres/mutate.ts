import { randomUUID } from 'node:crypto'
import { type AggregateKey, Fault, isFault } from '@latchkey/core'
import { isEmpty, makesVersion } from '../sql/change.ts'
import { type Decide, decideOn } from '../sql/decide.ts'
import { type Current, readCurrent } from './aggregates.ts'
import { commitChange } from './commit.ts'
import { faultOf, isLost, isPassing } from './failure.ts'
import { pause, persist } from './persist.ts'
import type { PgPool } from './pool.ts'

const ATTEMPTS = 20

/** A commit of which nobody knows yet whether it came about. */
interface Doubt<R> {
  /** What it was to follow. */
  readonly version: number
  /** What it, and earlier ones on the same version, would have answered, by their names. */
  readonly results: ReadonlyMap<string, { readonly result: R }>
}

function addTo<R>(doubt: Doubt<R> | null, version: number, writer: string, result: R): Doubt<R> {
  const others = doubt?.version === version ? doubt.results : []
  return { version, results: new Map([...others, [writer, { result }]]) }
}

/** What became of a commit in doubt: its answer where it came about, null where it certainly did not. */
function settle<R>(doubt: Doubt<R>, key: AggregateKey, current: Current): { result: R } | null {
  const mine = current.writer === null ? undefined : doubt.results.get(current.writer)
  if (mine !== undefined) return mine
  if (current.version <= doubt.version + 1) return null
  throw new Fault(
    'internal',
    `Cannot tell whether ${key.id} was changed: the connection to the Postgres database was lost`,
  )
}

/**
 * Decides on what is stored, and commits the decision if that is still what is stored; else decides anew.
 *
 * A connection that is lost while it commits leaves open whether it did. As the version guards what is tried next, and
 * carries the name of the commit that made it, that is found out instead of told.
 *
 * @throws Fault conflict where others changed it first again and again; internal where the database is away, or where it
 * cannot be found out
 */
export async function mutate<S, R>(
  pool: PgPool,
  key: AggregateKey,
  decide: Decide<S, R>,
): Promise<R> {
  let doubt: Doubt<R> | null = null
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const current: Current = await persist(() => readCurrent(pool, key))
    const settled: { result: R } | null = doubt === null ? null : settle(doubt, key, current)
    if (settled !== null) return settled.result
    const { result, change } = decideOn(key, current, decide)
    if (isEmpty(change)) return result
    const writer = randomUUID()
    try {
      if (await commitChange(pool, key, { current, change, writer })) return result
    } catch (error) {
      if (isFault(error)) throw error
      // A receipt alone makes no version that would tell.
      if (!isPassing(error) || !makesVersion(change)) throw faultOf(error)
      if (isLost(error)) doubt = addTo(doubt, current.version, writer, result)
    }
    await pause(attempt)
  }
  throw new Fault(
    'conflict',
    `Cannot change ${key.id}: others changed it first, ${ATTEMPTS} times in a row`,
    { retryable: true },
  )
}
