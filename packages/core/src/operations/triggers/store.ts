import { Fault } from '../../fault/fault.ts'
import type { Actor, EventDraft, JsonObject } from '../../ledger/ledger.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { LIVE_SECRETS_MAX, type TriggerSecret, type TriggerState } from '../../trigger/state.ts'

function keyOf(id: string) {
  return { kind: 'trigger', id } as const
}

function event({ clock }: Services, type: string, actor: Actor, data: JsonObject): EventDraft {
  return { type, at: clock.now(), actor, data }
}

/** @throws Fault not_found */
export async function readTrigger(services: Services, id: string): Promise<TriggerState> {
  const snapshot = await services.ledger.read<TriggerState>(keyOf(id))
  if (snapshot === null) throw noTrigger(id)
  return snapshot.state
}

/** Stores a trigger that was checked: what it reaches, and that its maker may hand that on. */
export async function createTrigger(
  services: Services,
  request: Request<TriggerState>,
  trigger: TriggerState,
): Promise<TriggerState> {
  const { name, action, target } = trigger
  return services.ledger.mutate<TriggerState, TriggerState>(keyOf(trigger.id), () => ({
    result: trigger,
    next: trigger,
    labels: {},
    events: [
      event(services, 'trigger.created', request.actor, { name, action, target: { ...target } }),
    ],
    ...receiptOf(request, trigger),
  }))
}

/** Ends a trigger at once; what it was set off for before goes on. @throws Fault not_found */
export async function removeTrigger(
  services: Services,
  request: Request<null>,
  id: string,
): Promise<void> {
  await services.ledger.mutate<TriggerState, null>(keyOf(id), (state) => {
    if (state === null) throw noTrigger(id)
    const events = [event(services, 'trigger.deleted', request.actor, { name: state.name })]
    return { result: null, next: null, events, ...receiptOf(request, null) }
  })
}

/**
 * Gives a trigger a new secret beside the newest of those before, which stays live until the next.
 * @throws Fault not_found
 */
export async function addTriggerSecret(
  services: Services,
  request: Request<TriggerState>,
  { id, secret }: { readonly id: string; readonly secret: TriggerSecret },
): Promise<TriggerState> {
  return services.ledger.mutate<TriggerState, TriggerState>(keyOf(id), (state) => {
    if (state === null) throw noTrigger(id)
    const secrets = [secret, ...state.secrets].slice(0, LIVE_SECRETS_MAX)
    const next = { ...state, secrets, updatedAt: secret.createdAt }
    return {
      result: next,
      next,
      labels: {},
      events: [event(services, 'trigger.secret_rotated', request.actor, { live: secrets.length })],
      ...receiptOf(request, next),
    }
  })
}

export function noTrigger(id: string): Fault {
  return new Fault('not_found', `Cannot find trigger "${id}"`)
}
