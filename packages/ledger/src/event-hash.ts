import { type ChainHead, type Event, toTimestamp } from '@latchkey/core'
import { canonicalJson } from './canonical-json.ts'
import { nodeCrypto } from './node-crypto.ts'

/** 128 bits: enough that no two events of a deployment ever share an id. */
const EVENT_ID_HEX_DIGITS = 32

/**
 * An event's hash, which anybody who holds the event can compute again: the lower-case hex of SHA-256
 * over the UTF-8 bytes of the canonical JSON (RFC 8785: no white space, members sorted by name) of
 * exactly these seven members:
 *
 *     { actor: { id, kind }, at, data, previousHash, sequence, subject, type }
 *
 * `at` is RFC 3339 in UTC with milliseconds (`2026-10-20T08:00:00.000Z`); `previousHash` is the hash of
 * the same subject's event before this one, null for the first; `sequence` counts from 1 within the
 * subject. The event's id is `evt_` and the first 32 digits of the hash.
 */
export function hashEvent(event: Omit<Event, 'id' | 'hash'>): string {
  const { actor, at, data, previousHash, sequence, subject, type } = event
  const text = canonicalJson({
    actor: { id: actor.id, kind: actor.kind },
    at: toTimestamp(at),
    data,
    previousHash,
    sequence,
    subject,
    type,
  })
  return nodeCrypto().hash('sha256', text)
}

/** The id that an event of this hash has. */
export function eventIdOf(hash: string): string {
  return `evt_${hash.slice(0, EVENT_ID_HEX_DIGITS)}`
}

/** Whether an event is unaltered and the very next one after `head` (null: the subject's first). */
export function continuesChain(head: ChainHead | null, event: Event): boolean {
  return (
    (head === null || head.subject === event.subject) &&
    event.sequence === (head?.sequence ?? 0) + 1 &&
    event.previousHash === (head?.hash ?? null) &&
    event.hash === hashEvent(event) &&
    event.id === eventIdOf(event.hash)
  )
}
