import { bury } from '../../delivery/attempt.ts'
import {
  dayOf,
  type DeliveryState,
  deliveryKey,
  deliveryLabels,
  endedLabel,
  KEEP_DAYS,
} from '../../delivery/delivery.ts'
import { type EndpointState, endpointKey, endpointLabels } from '../../delivery/endpoint.ts'
import type { Services } from '../../services.ts'

const BATCH = 200

/** Ends what is under way to an endpoint that takes nothing any more. */
export async function abandonDeliveries(services: Services, { id }: EndpointState): Promise<void> {
  const { clock, ledger } = services
  await forEach(services, { queue: id }, (deliveryId) =>
    ledger.mutate<DeliveryState, null>(deliveryKey(deliveryId), (state) => {
      if (state?.status !== 'pending') return { result: null }
      const next = bury(state, 'endpoint_disabled', clock.now())
      return { result: null, next, labels: deliveryLabels(next) }
    }),
  )
}

/** Drops everything that a deleted endpoint has left. */
export async function forgetDeliveries(services: Services, endpointId: string): Promise<void> {
  await forEach(services, { endpoint: endpointId }, (id) => drop(services, id))
}

/** Drops deliveries that ended more than a week ago. */
export async function pruneDeliveries(services: Services, endpoint: EndpointState): Promise<void> {
  const last = dayOf(services.clock.now()) - KEEP_DAYS - 1
  if (endpoint.prunedDay === last) return
  for (let day = endpoint.prunedDay + 1; day <= last; day += 1) {
    await forEach(services, { ended: endedLabel(endpoint.id, day) }, (id) => drop(services, id))
  }
  await services.ledger.mutate<EndpointState, null>(endpointKey(endpoint.id), (state) => {
    if (state === null) return { result: null }
    // A day that is yet to come was reached by a clock that went back: its deliveries are still to end.
    const next = { ...state, prunedDay: last }
    return { result: null, next, labels: endpointLabels(next) }
  })
}

/** Does something to every delivery with a label, by which it loses it. */
async function forEach(
  { ledger }: Services,
  where: Readonly<Record<string, string>>,
  body: (id: string) => Promise<null>,
): Promise<void> {
  for (let full = true; full;) {
    const { items } = await ledger.list<DeliveryState>({ kind: 'delivery', where, limit: BATCH })
    for (const { id } of items) await body(id)
    full = items.length === BATCH
  }
}

function drop({ ledger }: Services, id: string): Promise<null> {
  return ledger.mutate<DeliveryState, null>(deliveryKey(id), (state) =>
    state === null ? { result: null } : { result: null, next: null },
  )
}
