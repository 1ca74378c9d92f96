import { Fault } from '../../fault/fault.ts'
import { type RingKeyState, ringKeyLabels } from '../../keyring/state.ts'
import type { Fingerprint } from '../../public-key.ts'
import type { Services } from '../../services.ts'

/** @throws Fault not_found */
export async function readRingKey(services: Services, id: string): Promise<RingKeyState> {
  const snapshot = await services.ledger.read<RingKeyState>({ kind: 'key', id })
  if (snapshot === null) throw new Fault('not_found', `Cannot find key "${id}"`)
  return snapshot.state
}

/** The key of the ring with this public half; null where it is not one of the ring. */
export async function findRingKey(
  services: Services,
  fingerprint: Fingerprint,
): Promise<RingKeyState | null> {
  const where = { fingerprint }
  const { items } = await services.ledger.list<RingKeyState>({ kind: 'key', where, limit: 1 })
  return items[0]?.state ?? null
}

/**
 * Notes that numbers of a connection are about to use a key, which has to be known before one of them does. Whoever
 * deletes a key first closes it, then looks in these connections; whoever uses it first notes so at the number, then
 * looks whether it is open (`requireOpen`): so one of the two sees the other.
 * @throws Fault not_found, conflict where the key is being deleted, or its private half was destroyed
 */
export async function useRingKey(
  services: Services,
  id: string,
  connectionId: string,
): Promise<RingKeyState> {
  const present = openOf(await readRingKey(services, id))
  if (present.connections.includes(connectionId)) return present
  return services.ledger.mutate<RingKeyState, RingKeyState>({ kind: 'key', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find key "${id}"`)
    openOf(state)
    if (state.connections.includes(connectionId)) return { result: state }
    const connections = [...state.connections, connectionId]
    const next = { ...state, connections, updatedAt: services.clock.now() }
    return { result: next, next, labels: ringKeyLabels(next) }
  })
}

/**
 * Whether a key that a number has noted as its own may go out. One that was deleted and handed in again meanwhile does
 * not know of the number's connection: then it may not.
 * @throws Fault not_found, conflict
 */
export async function requireOpen(
  services: Services,
  id: string,
  connectionId: string,
): Promise<void> {
  const { connections } = openOf(await readRingKey(services, id))
  if (connections.includes(connectionId)) return
  throw new Fault('conflict', `Cannot use key "${id}": it was deleted meanwhile`)
}

/**
 * Whether a key that a number has noted as its own is gone for good.
 * @throws Fault conflict, retryable, while it is being deleted
 */
export async function isGone(
  { ledger }: Services,
  id: string,
  connectionId: string,
): Promise<boolean> {
  const snapshot = await ledger.read<RingKeyState>({ kind: 'key', id })
  if (snapshot === null) return true
  const { closing, connections, destroyedAt } = snapshot.state
  if (closing !== null) {
    throw new Fault('conflict', `Cannot tell whether key "${id}" is used: it is being deleted`, {
      retryable: true,
    })
  }
  return destroyedAt !== null || !connections.includes(connectionId)
}

function openOf(state: RingKeyState): RingKeyState {
  if (state.destroyedAt !== null) {
    throw new Fault('conflict', `Cannot use key "${state.id}": its private half was destroyed`)
  }
  if (state.closing !== null) {
    throw new Fault('conflict', `Cannot use key "${state.id}": it is being deleted`)
  }
  return state
}
