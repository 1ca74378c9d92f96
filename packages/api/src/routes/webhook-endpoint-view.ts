import {
  type DeliveryState,
  endpointKey,
  type EndpointState,
  endpointStatus,
  Fault,
  liveSecrets,
  type Principal,
  sees,
  type Services,
  toTimestamp,
} from '@latchkey/core'
import type * as z from 'zod'
import type { deliverySchema, endpointSchema } from '../schemas/webhook-endpoint.ts'

/** A token limited to connections deals with endpoints that are limited to them too. */
export function isWithin(principal: Principal, { connections }: EndpointState): boolean {
  if (principal.connections === null) return true
  return connections?.every((id) => sees(principal, id)) ?? false
}

/** @throws Fault not_found */
export async function visibleEndpoint(
  services: Services,
  principal: Principal,
  id: string,
): Promise<EndpointState> {
  const stored = await services.ledger.read<EndpointState>(endpointKey(id))
  if (stored !== null && isWithin(principal, stored.state)) return stored.state
  throw new Fault('not_found', `Cannot find webhook endpoint "${id}"`)
}

export function showEndpoint(state: EndpointState, now: number): z.infer<typeof endpointSchema> {
  const { disabled, connections } = state
  return {
    id: state.id,
    url: state.url,
    events: [...state.events],
    connections: connections === null ? null : [...connections],
    status: endpointStatus(state),
    disabled: disabled === null ? null : { at: toTimestamp(disabled.at), reason: disabled.reason },
    failingSince: orNull(state.failingSince),
    secrets: liveSecrets(state, now).map(({ createdAt, expiresAt }) => ({
      createdAt: toTimestamp(createdAt),
      expiresAt: orNull(expiresAt),
    })),
    createdAt: toTimestamp(state.createdAt),
    updatedAt: toTimestamp(state.updatedAt),
  }
}

export function showDelivery(state: DeliveryState): z.infer<typeof deliverySchema> {
  const { id, type, subject, at } = state.event
  return {
    id: state.id,
    event: { id, type, subject, at: toTimestamp(at) },
    status: state.status,
    reason: state.reason,
    attempts: state.attempts.map((attempt) => ({ ...attempt, at: toTimestamp(attempt.at) })),
    nextAttemptAt: orNull(state.nextAttemptAt),
    createdAt: toTimestamp(state.createdAt),
    endedAt: orNull(state.endedAt),
  }
}

function orNull(at: number | null): string | null {
  return at === null ? null : toTimestamp(at)
}
