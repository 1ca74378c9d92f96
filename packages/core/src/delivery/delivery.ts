import { DAY, type Instant } from '../instant.ts'
import { AGGREGATE_PREFIXES, type AggregateKey } from '../ledger/keys.ts'
import type { Event } from '../ledger/ledger.ts'

/** One event on its way to one endpoint. */
export interface DeliveryState {
  readonly id: string
  readonly endpointId: string
  readonly event: Pick<Event, 'id' | 'type' | 'subject' | 'sequence' | 'at'>
  readonly status: DeliveryStatus
  /** Why it is dead. */
  readonly reason: DeadReason | null
  /** The last ones, oldest first. */
  readonly attempts: readonly Attempt[]
  /** How often it was tried by the present schedule, which a redelivery begins anew. */
  readonly tries: number
  readonly nextAttemptAt: Instant | null
  /** Somebody asked for it once more: it waits for no other delivery, and none waits for it. */
  readonly isRepeat: boolean
  /** Grows with each attempt that begins; only the newest can say what came of it. */
  readonly fence: number
  /** An attempt is under way, and has ended by then whatever became of it. */
  readonly sendingUntil: Instant | null
  readonly createdAt: Instant
  readonly endedAt: Instant | null
}

export type DeliveryStatus = 'pending' | 'delivered' | 'dead'

/** `exhausted`: the last attempt failed. `endpoint_disabled`: the endpoint takes nothing any more. */
export type DeadReason = 'exhausted' | 'endpoint_disabled'

export interface Attempt {
  readonly at: Instant
  readonly durationMs: number
  /** Of the answer; null where there was none. */
  readonly status: number | null
  /** Why there was none. */
  readonly problem: { readonly code: string; readonly detail: string } | null
}

/** An endpoint's history is kept so long after a delivery has ended. */
export const KEEP_DAYS = 7
/** So many attempts of a delivery are remembered. */
export const ATTEMPTS_KEPT = 20

const EVENT_PREFIX = 'evt_'
const ENDPOINT_SYMBOLS = 16
const TIME_SYMBOLS = 10
const HASH_SYMBOLS = 16
/** What ten symbols of 5 bits can count to. */
const TIME_MAX = 32 ** TIME_SYMBOLS - 1
export const DELIVERY_SYMBOLS = ENDPOINT_SYMBOLS + TIME_SYMBOLS + HASH_SYMBOLS

export function deliveryKey(id: string): AggregateKey {
  return { kind: 'delivery', id }
}

/**
 * The id of an event's delivery to an endpoint: always the same, so that it is made once; and less than those of earlier
 * events, so that lists begin with the newest.
 */
export function deliveryIdOf(endpointId: string, { id, at }: Pick<Event, 'id' | 'at'>): string {
  const left = Math.min(Math.max(TIME_MAX - at, 0), TIME_MAX)
  // Base 32 in JavaScript counts 0 to 9, then a to v: the order of the texts is that of the numbers.
  const time = left.toString(32).padStart(TIME_SYMBOLS, '0')
  const hash = id.slice(EVENT_PREFIX.length, EVENT_PREFIX.length + HASH_SYMBOLS)
  const own = endpointId.slice(AGGREGATE_PREFIXES.endpoint.length)
  return AGGREGATE_PREFIXES.delivery + own + time + hash
}

export function newDelivery(endpointId: string, event: Event, now: Instant): DeliveryState {
  const { id, type, subject, sequence, at } = event
  return {
    id: deliveryIdOf(endpointId, event),
    endpointId,
    event: { id, type, subject, sequence, at },
    status: 'pending',
    reason: null,
    attempts: [],
    tries: 0,
    nextAttemptAt: now,
    isRepeat: false,
    fence: 0,
    sendingUntil: null,
    createdAt: now,
    endedAt: null,
  }
}

export function deliveryLabels(state: DeliveryState): Record<string, string> {
  const { endpointId, status, endedAt } = state
  return {
    endpoint: endpointId,
    status,
    ...(status === 'pending' ? { queue: endpointId } : {}),
    ...(endedAt === null ? {} : { ended: endedLabel(endpointId, dayOf(endedAt)) }),
  }
}

export function dayOf(at: Instant): number {
  return Math.floor(at / DAY)
}

/** By which the deliveries of an endpoint are found that ended on a day. */
export function endedLabel(endpointId: string, day: number): string {
  return `${endpointId}/${day}`
}
