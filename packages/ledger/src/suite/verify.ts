import type { ChainHead, Event } from '@latchkey/core'
import { continuesChain } from '../event-hash.ts'

/** The sequence of the first event that does not follow from those before it, or null: all are sound. */
export function firstBreak(events: readonly Event[]): number | null {
  let head: ChainHead | null = null
  for (const event of events) {
    if (!continuesChain(head, event)) return event.sequence
    head = { subject: event.subject, sequence: event.sequence, hash: event.hash }
  }
  return null
}
