import { toTimestamp } from '../instant.ts'
import type { Event, Json } from '../ledger/ledger.ts'

/** An event as it is shown to whoever may see it. */
export function showEvent(event: Event) {
  return {
    id: event.id,
    at: toTimestamp(event.at),
    type: event.type,
    subject: event.subject,
    sequence: event.sequence,
    actor: { kind: event.actor.kind, id: event.actor.id },
    data: event.data,
    hash: event.hash,
    previousHash: event.previousHash,
  } satisfies Record<string, Json>
}

/** The body of a webhook, in the form that Standard Webhooks 1.0 recommends ("Payload structure"). */
export function payloadOf(event: Event): string {
  return JSON.stringify({
    type: event.type,
    timestamp: toTimestamp(event.at),
    data: showEvent(event),
  })
}
