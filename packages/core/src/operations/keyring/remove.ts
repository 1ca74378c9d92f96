import { Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { RingKeyState } from '../../keyring/state.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { closeKey, type ClosedKey, endClosing, reopenKey } from './closing.ts'
import { noteLost } from './lost.ts'
import { findUse, type FoundUse } from './uses.ts'

/**
 * Deletes a key, with its private half. Nothing may begin to use it before it is looked up whether something does; so
 * of whoever deletes and whoever publishes at the same time at least one sees the other.
 * @throws Fault not_found, conflict while a number uses it or its overlap runs, or where somebody else is deleting it
 */
export async function deleteKey(
  services: Services,
  request: Request<null>,
  id: string,
): Promise<void> {
  const closed = await closeKey(services, id, { purpose: 'delete', actor: request.actor })
  await endDeletion(services, request, closed)
}

async function endDeletion(
  services: Services,
  request: Request<null>,
  closed: ClosedKey,
): Promise<void> {
  const use = await findUse(services, closed.key)
  if (use !== null) {
    await reopenKey(services, closed)
    throw used(closed.key, use, request)
  }
  if (closed.key.origin === 'generated') await noteLost(services, closed.key.fingerprint)
  await endClosing(services, closed, ({ custody, fingerprint, label }) => ({
    result: null,
    next: null,
    events: [
      {
        type: 'key.deleted',
        at: services.clock.now(),
        actor: request.actor,
        data: { custody, fingerprint, label },
      },
    ],
    ...receiptOf(request, null),
  }))
}

/**
 * Ends what somebody began to do with a key who died before it was done: deletes it, or leaves it as it was. Whoever
 * turns out to be slow and not dead, finds that it is not theirs any more.
 */
export async function settleClosing(services: Services, id: string): Promise<Instant | null> {
  const snapshot = await services.ledger.read<RingKeyState>({ kind: 'key', id })
  const closing = snapshot?.state.closing ?? null
  if (closing === null) return null
  const { actor, purpose } = closing
  const closed = await closeKey(services, id, { actor, purpose })
  if (purpose === 'destroy') return reopenKey(services, closed)
  try {
    await endDeletion(services, { actor }, closed)
  } catch (error) {
    if (!isFault(error) || error.code !== 'conflict') throw error
  }
  return null
}

const HOW = {
  active: 'uses it',
  staged: 'is about to use it',
  retiring: 'has replaced it, and its overlap still runs',
} as const

function used(
  { id }: RingKeyState,
  { numberId, connectionId, use }: FoundUse,
  { sees = () => true }: Pick<Request, 'sees'>,
): Fault {
  const who = sees(connectionId) ? `number "${numberId}"` : 'a number'
  return new Fault('conflict', `Cannot delete key "${id}": ${who} ${HOW[use]}`)
}
