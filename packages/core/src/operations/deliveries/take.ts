import {
  type DeliveryState,
  deliveryKey,
  deliveryLabels,
  newDelivery,
} from '../../delivery/delivery.ts'
import { type EndpointState, endpointKey, endpointLabels } from '../../delivery/endpoint.ts'
import { isSubscribed } from '../../delivery/event-types.ts'
import { kindOf, partitionOf } from '../../ledger/keys.ts'
import type { Event } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'

const PAGE = 200

/** How far an endpoint has looked at the log. */
export interface Taken {
  /** The newest event that was looked at. */
  readonly last: string
  /** There are more. */
  readonly hasMore: boolean
  /** Those of which deliveries were made. */
  readonly wanted: readonly Event[]
}

/**
 * Makes the deliveries of the events that have arrived since the endpoint last looked, one page of them. Dying in
 * between makes the same deliveries again, which are there already.
 */
export async function takeEvents(services: Services, endpoint: EndpointState): Promise<Taken> {
  const after = endpoint.cursor ?? (await startOf(services, endpoint))
  const { items, nextCursor } = await services.ledger.events({ after, limit: PAGE })
  const wanted = items.filter((event) => isFor(endpoint, event))
  const now = services.clock.now()
  for (const event of wanted) await store(services, newDelivery(endpoint.id, event, now))
  const last = items.at(-1)?.id ?? after
  const hasMore = nextCursor !== null
  // What concerns others is looked at again rather than written about each time.
  if (wanted.length > 0 || hasMore || endpoint.cursor === null) {
    await moveCursor(services, endpoint, last)
  }
  return { last, hasMore, wanted }
}

/** The event with which the endpoint began to get those of others. */
async function startOf({ ledger }: Services, { id, since }: EndpointState): Promise<string> {
  const { items } = await ledger.events({
    subject: id,
    type: since.type,
    after: since.at - 1,
    limit: 1,
  })
  const [first] = items
  if (first === undefined) throw new Error(`Cannot find ${since.type} of ${id}`)
  return first.id
}

function isFor(endpoint: EndpointState, event: Event): boolean {
  if (!isSubscribed(endpoint.events, event.type)) return false
  const { connections } = endpoint
  if (connections === null) return true
  const kind = kindOf(event.subject)
  if (kind === null) return false
  const place = kind === 'connection' ? event.subject : partitionOf({ kind, id: event.subject })
  return connections.includes(place)
}

function store({ ledger }: Services, made: DeliveryState): Promise<null> {
  return ledger.mutate<DeliveryState, null>(deliveryKey(made.id), (_, version) =>
    version > 0 ? { result: null } : { result: null, next: made, labels: deliveryLabels(made) },
  )
}

/** One that was disabled, enabled or moved on meanwhile keeps its own. */
async function moveCursor(services: Services, seen: EndpointState, cursor: string): Promise<void> {
  await services.ledger.mutate<EndpointState, null>(endpointKey(seen.id), (state) => {
    if (state === null || state.cursor !== seen.cursor || state.since.at !== seen.since.at) {
      return { result: null }
    }
    return keep(state, { cursor })
  })
}

function keep(state: EndpointState, changes: Partial<EndpointState>) {
  const next = { ...state, ...changes }
  return { result: null, next, labels: endpointLabels(next) }
}
