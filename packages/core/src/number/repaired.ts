import type { Instant } from '../instant.ts'
import type { Actor, EventDraft } from '../ledger/ledger.ts'
import type { Intent } from './state.ts'
import { event } from './transition.ts'

/** What the log is to say when the upstream has taken a key that was sent to repair something; else nothing. */
export function repairedEvents(
  { repair, generation, fingerprint, keyId }: Intent,
  now: Instant,
  actor: Actor,
): readonly EventDraft[] {
  if (repair === undefined) return []
  return [event('key.repaired', now, actor, { generation, fingerprint, keyId, ...repair })]
}
