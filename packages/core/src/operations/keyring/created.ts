import type { RingKeyState } from '../../keyring/state.ts'
import type { Actor, EventDraft } from '../../ledger/ledger.ts'

/** What the log is told of a new key. */
export function keyCreated(
  { custody, origin, fingerprint, label, createdAt }: RingKeyState,
  actor: Actor,
): EventDraft {
  return {
    type: 'key.created',
    at: createdAt,
    actor,
    data: { custody, origin, fingerprint, label },
  }
}
