import type { AggregateKey, Decision } from '@latchkey/core'
import type { StoredAggregate } from './aggregates.ts'
import { type Change, encodeChange } from './change.ts'
import { decodeState } from './json.ts'

export type Decide<S, R> = (state: S | null, version: number) => Decision<S, R>

/** Runs `decide` against an aggregate as it is stored, and makes its decision ready to be stored. */
export function decideOn<S, R>(
  key: AggregateKey,
  current: Pick<StoredAggregate, 'state' | 'version'>,
  decide: Decide<S, R>,
): { readonly result: R; readonly change: Change } {
  const state = current.state === null ? null : decodeState<S>(current.state)
  const decision = decide(state, current.version)
  return { result: decision.result, change: encodeChange(key, decision) }
}
