import {
  beginAttempt,
  concludeAttempt,
  isAccepted,
  isGone,
  type Outcome,
  pauseAsked,
} from '../../delivery/attempt.ts'
import { type DeliveryState, deliveryKey, deliveryLabels } from '../../delivery/delivery.ts'
import {
  type EndpointState,
  endpointKey,
  endpointLabels,
  endpointSecretPlace,
  endpointTrace,
  liveSecrets,
} from '../../delivery/endpoint.ts'
import { payloadOf } from '../../delivery/payload.ts'
import { DELIVER } from '../../delivery/tasks.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { Event } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'

/** Who disables an endpoint that is gone. */
const ACTOR = { kind: 'system', id: 'deliveries' } as const

/**
 * Makes one attempt to deliver, and says whether the next of its line may be sent. Dying in the middle repeats the
 * attempt later, with the same `webhook-id`.
 * @param event what is delivered, where it is at hand; it is read from the log otherwise
 */
export async function sendDelivery(
  services: Services,
  endpoint: EndpointState,
  { id, event }: { readonly id: string; readonly event: Event | null },
): Promise<boolean> {
  const { clock, ledger, random } = services
  const begun = await ledger.mutate<DeliveryState, DeliveryState | null>(
    deliveryKey(id),
    (state) => {
      const next = state === null ? null : beginAttempt(state, clock.now())
      return next === null ? { result: null } : kept(next)
    },
  )
  if (begun === null) return false
  const outcome = await attempt(services, endpoint, { delivery: begun, event })
  // First the endpoint: a delivery that is told to be over must not leave it as if nothing had been.
  await note(services, endpoint.id, outcome)
  const { fence } = begun
  const concluded = await ledger.mutate<DeliveryState, DeliveryState | null>(
    deliveryKey(id),
    (state) => {
      const next = state === null ? null : concludeAttempt(state, { fence, outcome, random })
      return next === null ? { result: null } : kept(next)
    },
  )
  if (concluded?.reason === 'exhausted') {
    services.logger.log('warn', 'Webhook could not be delivered', {
      endpoint: endpoint.id,
      delivery: id,
      attempts: concluded.tries,
    })
  }
  return concluded !== null && concluded.endedAt !== null
}

function kept(next: DeliveryState) {
  return { result: next, next, labels: deliveryLabels(next) }
}

async function attempt(
  services: Services,
  endpoint: EndpointState,
  { delivery, event }: { readonly delivery: DeliveryState; readonly event: Event | null },
): Promise<Outcome> {
  const { clock } = services
  const at = clock.now()
  const since = () => Math.max(0, clock.now() - at)
  try {
    const body = payloadOf(event ?? (await eventOf(services, delivery)))
    const place = endpointSecretPlace(endpoint.id)
    const secrets = await Promise.all(
      liveSecrets(endpoint, at).map(({ sealed }) => services.sealer.open(sealed, place)),
    )
    const message = { id: delivery.event.id, at, body }
    const headers = await services.signWebhook(message, secrets)
    const { status, retryAfterMs } = await services.courier.post({
      url: endpoint.url,
      headers,
      body,
    })
    return { at, durationMs: since(), status, problem: null, retryAfterMs }
  } catch (error) {
    const fault = isFault(error)
      ? error
      : new Fault('internal', 'Cannot send webhook', { cause: error })
    const problem = { code: fault.code, detail: fault.message }
    return { at, durationMs: since(), status: null, problem, retryAfterMs: null }
  }
}

/** @throws Fault internal where the log does not show it as it was */
async function eventOf({ ledger }: Services, { event }: DeliveryState): Promise<Event> {
  const { subject, sequence } = event
  const { items } = await ledger.events({ subject, cursor: String(sequence - 1), limit: 1 })
  const [found] = items
  if (found?.id === event.id) return found
  throw new Fault('internal', `Cannot send webhook: event ${event.id} is not in the log`)
}

/** What an attempt tells of the endpoint itself. */
async function note(services: Services, endpointId: string, outcome: Outcome): Promise<void> {
  await services.ledger.mutate<EndpointState, null>(endpointKey(endpointId), (state) => {
    if (state === null || state.disabled !== null) return { result: null }
    const now = services.clock.now()
    if (isGone(outcome)) {
      const next: EndpointState = {
        ...state,
        disabled: { at: now, reason: 'gone' },
        updatedAt: now,
      }
      const data = { ...endpointTrace(next), reason: 'gone' }
      const event = { type: 'webhook_endpoint.disabled', at: now, actor: ACTOR, data }
      return {
        result: null,
        next,
        labels: endpointLabels(next),
        events: [event],
        tasks: [{ name: DELIVER, due: now }],
      }
    }
    const failingSince = isAccepted(outcome) ? null : (state.failingSince ?? outcome.at)
    const asked = pauseAsked(outcome)
    const pausedUntil = asked === null ? state.pausedUntil : now + asked
    if (failingSince === state.failingSince && pausedUntil === state.pausedUntil) {
      return { result: null }
    }
    const next = { ...state, failingSince, pausedUntil }
    return { result: null, next, labels: endpointLabels(next) }
  })
}
