import { isFault } from '../../fault/fault.ts'
import type { RingKeyState } from '../../keyring/state.ts'
import { adopt, holdLabel } from '../../number/ring.ts'
import type { Services } from '../../services.ts'
import { mutateNumber, numberDecision } from '../key/commit.ts'
import { isReadable } from '../key/readable.ts'
import { numbersWhere } from './released.ts'

/**
 * Has the numbers know a key by its id that had it before it was one of the ring: only such a key is kept, when another
 * replaces it, until the overlap is over. Doing it again is harmless.
 */
export async function adoptKey(services: Services, id: string): Promise<null> {
  const snapshot = await services.ledger.read<RingKeyState>({ kind: 'key', id })
  if (snapshot === null) return null
  const { connections, fingerprint } = snapshot.state
  const where = { [holdLabel(fingerprint)]: 'used' }
  for (const within of connections) {
    for await (const number of numbersWhere(services, { where, within })) {
      await adoptAt(services, number.id, { keyId: id, fingerprint })
    }
  }
  return null
}

async function adoptAt(
  services: Services,
  numberId: string,
  key: Parameters<typeof adopt>[1],
): Promise<void> {
  try {
    await mutateNumber(services, numberId, (state) => {
      const next = adopt(state, key, services.clock.now())
      if (next === state) return { result: null }
      const readable = isReadable(services, state)
      return numberDecision({ next, events: [] }, { readable, result: null })
    })
  } catch (error) {
    // Deleted meanwhile, and its keys with it.
    if (!isFault(error) || error.code !== 'not_found') throw error
  }
}
