import { DAY, HOUR, type Instant } from '../../instant.ts'
import { type RingKeyState, ringKeyLabels } from '../../keyring/state.ts'
import type { Actor, Decision } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { closeKey, endClosing, reopenKey } from './closing.ts'
import { lookAtReleased } from './released.ts'
import { findUse, type FoundUse } from './uses.ts'

const KEEPER: Actor = { kind: 'schedule', id: 'care-for-key' }

/** A number that is in the middle of letting go has done so by then. */
const RETIRING_AGAIN_MS = HOUR
const USED_AGAIN_MS = DAY

/**
 * Looks after a key that a number has let go of: notes when the last one has, and destroys its private half when that
 * is long enough ago. Answers when to come again; null where there is nothing left to do.
 */
export async function careForKey(services: Services, id: string): Promise<Instant | null> {
  const snapshot = await services.ledger.read<RingKeyState>({ kind: 'key', id })
  if (snapshot === null) return null
  const { state } = snapshot
  if (state.letGoAt === null || state.destroyedAt !== null) return null
  const now = services.clock.now()
  // Somebody is deleting it, or has died of it: that is settled within minutes.
  if (state.closing !== null) return now + RETIRING_AGAIN_MS
  const use = await findUse(services, state)
  if (use !== null) return stillUsed(services, state, use)
  const retired = await retire(services, state)
  if (retired === null || retired.custody === 'external' || retired.retiredAt === null) return null
  const due = retired.retiredAt + services.intervals.destroyAfterMs
  return now < due ? due : destroy(services, retired)
}

async function stillUsed(
  services: Services,
  { id, retiredAt }: RingKeyState,
  { use }: FoundUse,
): Promise<Instant> {
  const now = services.clock.now()
  if (retiredAt !== null) {
    await change(services, id, (state) => ({ ...state, retiredAt: null, updatedAt: now }))
  }
  return now + (use === 'retiring' ? RETIRING_AGAIN_MS : USED_AGAIN_MS)
}

/** The key, retired; null where it is gone. */
async function retire(services: Services, { id }: RingKeyState): Promise<RingKeyState | null> {
  const now = services.clock.now()
  return services.ledger.mutate<RingKeyState, RingKeyState | null>({ kind: 'key', id }, (state) => {
    if (state === null || state.retiredAt !== null) return { result: state }
    const next = { ...state, retiredAt: now, updatedAt: now }
    return { ...told(next, 'key.retired', now), result: next }
  })
}

/**
 * Destroys a private half: where no number turns out to have anything to do with the key, and none that it was used in
 * still has it at its upstream. What cannot be asked now is asked later.
 */
async function destroy(services: Services, { id }: RingKeyState): Promise<Instant | null> {
  const snapshot = await services.ledger.read<RingKeyState>({ kind: 'key', id })
  if (snapshot === null) return null
  const again = await lookAtReleased(services, snapshot.state, KEEPER)
  if (again !== null) return again
  const closed = await closeKey(services, id, { purpose: 'destroy', actor: KEEPER })
  const use = await findUse(services, closed.key)
  if (use !== null) {
    await reopenKey(services, closed)
    return stillUsed(services, closed.key, use)
  }
  const now = services.clock.now()
  await endClosing(services, closed, (state) => {
    const next = { ...state, privateKey: null, closing: null, destroyedAt: now, updatedAt: now }
    return told(next, 'key.destroyed', now)
  })
  return null
}

function told(next: RingKeyState, type: string, at: Instant): Decision<RingKeyState, null> {
  const { custody, fingerprint } = next
  return {
    result: null,
    next,
    labels: ringKeyLabels(next),
    events: [{ type, at, actor: KEEPER, data: { custody, fingerprint } }],
  }
}

function change(
  services: Services,
  id: string,
  to: (state: RingKeyState) => RingKeyState,
): Promise<null> {
  return services.ledger.mutate<RingKeyState, null>({ kind: 'key', id }, (state) => {
    if (state === null) return { result: null }
    const next = to(state)
    return { result: null, next, labels: ringKeyLabels(next) }
  })
}
