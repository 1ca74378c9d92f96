import { Fault } from '../../fault/fault.ts'
import type { Actor, JsonObject } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import type { RunState } from '../../trigger/run.ts'

/** Whom what a trigger does is done for. */
export function runActor({ triggerId }: RunState): Actor {
  return { kind: 'trigger', id: triggerId }
}

export interface RunChange {
  readonly next: RunState
  readonly event?: { readonly type: string; readonly data: JsonObject }
}

/** Changes a run that is not over. @throws Fault not_found */
export async function commitRun(
  services: Services,
  id: string,
  change: (state: RunState) => RunChange,
): Promise<RunState> {
  return services.ledger.mutate<RunState, RunState>({ kind: 'run', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find run "${id}"`)
    if (state.finishedAt !== null) return { result: state }
    const { next, event } = change(state)
    return {
      result: next,
      next,
      labels: { triggerId: next.triggerId },
      ...(event === undefined
        ? {}
        : { events: [{ ...event, at: services.clock.now(), actor: runActor(next) }] }),
    }
  })
}
