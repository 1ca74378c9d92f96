import type { Services } from '../../services.ts'
import {
  NO_PROGRESS,
  runIdOf,
  runPlace,
  type RunPayload,
  type RunState,
} from '../../trigger/run.ts'
import type { TriggerState } from '../../trigger/state.ts'
import { RUN_TRIGGER } from '../../trigger/tasks.ts'

export interface Firing {
  readonly id: string
  /** Null: this very message was taken before. */
  readonly startedAt: number | null
}

/**
 * Stores that a message set a trigger off, once for each message, and that something has to be done: one commit.
 * @param digest SHA-256 in hex over the trigger's id and the message's
 */
export async function fireTrigger(
  services: Services,
  trigger: TriggerState,
  { digest, payload }: { readonly digest: string; readonly payload: RunPayload | null },
): Promise<Firing> {
  const id = runIdOf(digest)
  const now = services.clock.now()
  const { action, target, rotation, connections } = trigger
  const sealed =
    payload === null ? null : await services.sealer.seal(JSON.stringify(payload), runPlace(id))
  const state: RunState = {
    ...NO_PROGRESS,
    id,
    triggerId: trigger.id,
    action,
    target,
    rotation,
    connections,
    payload: sealed,
    receivedAt: now,
    finishedAt: null,
  }
  return services.ledger.mutate<RunState, Firing>({ kind: 'run', id }, (_, version) => {
    // Also of one that is over and forgotten.
    if (version > 0) return { result: { id, startedAt: null } }
    const data = { triggerId: trigger.id, name: trigger.name, action }
    return {
      result: { id, startedAt: now },
      next: state,
      labels: { triggerId: trigger.id },
      events: [
        { type: 'trigger.fired', at: now, actor: { kind: 'trigger', id: trigger.id }, data },
      ],
      tasks: [{ name: RUN_TRIGGER, due: now }],
    }
  })
}
