import { type DeliveryState, deliveryKey, deliveryLabels } from '../../delivery/delivery.ts'
import { type EndpointState, endpointKey } from '../../delivery/endpoint.ts'
import { DELIVER } from '../../delivery/tasks.ts'
import { Fault } from '../../fault/fault.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { noEndpoint } from './endpoints.ts'

/**
 * Sends an event once more: one that has ended beside the order of its subject, with all attempts of the schedule; one
 * that is under way as soon as those before it have ended. It keeps its `webhook-id`.
 * @throws Fault not_found, conflict where the endpoint is disabled
 */
export async function redeliver(
  services: Services,
  request: Request<DeliveryState>,
  { endpointId, deliveryId }: { readonly endpointId: string; readonly deliveryId: string },
): Promise<DeliveryState> {
  const at = services.clock.now()
  const endpoint = await services.ledger.read<EndpointState>(endpointKey(endpointId))
  requireEnabled(endpoint?.state ?? null, endpointId)
  const delivery = await services.ledger.mutate<DeliveryState, DeliveryState>(
    deliveryKey(deliveryId),
    (state) => {
      if (state === null || state.endpointId !== endpointId) {
        throw new Fault('not_found', `Cannot find delivery "${deliveryId}"`)
      }
      const next: DeliveryState =
        state.status === 'pending' ? { ...state, nextAttemptAt: at } : begunAnew(state, at)
      return { result: next, next, labels: deliveryLabels(next) }
    },
  )
  // Last, as it sets the work off: dying before it leaves the delivery for the endpoint's next turn.
  await services.ledger.mutate<EndpointState, null>(endpointKey(endpointId), (state) => {
    requireEnabled(state, endpointId)
    const { actor } = request
    const data = { deliveryId, eventId: delivery.event.id }
    return {
      result: null,
      events: [{ type: 'webhook_endpoint.redelivery_requested', at, actor, data }],
      tasks: [{ name: DELIVER, due: at }],
      ...receiptOf(request, delivery),
    }
  })
  return delivery
}

function begunAnew(state: DeliveryState, at: number): DeliveryState {
  return {
    ...state,
    status: 'pending',
    reason: null,
    tries: 0,
    nextAttemptAt: at,
    isRepeat: true,
    endedAt: null,
  }
}

function requireEnabled(state: EndpointState | null, id: string): void {
  if (state === null) throw noEndpoint(id)
  if (state.disabled === null) return
  throw new Fault('conflict', 'Cannot redeliver: the endpoint is disabled; enable it first')
}
