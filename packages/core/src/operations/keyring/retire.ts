import { isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import { letGo, letGoDue, overKeys } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'
import { mutateNumber, numberDecision } from '../key/commit.ts'
import { isReadable } from '../key/readable.ts'
import { announceLetGo } from './let-go.ts'

const KEEPER: Actor = { kind: 'schedule', id: 'retire-keys' }

/** Lets a number go of the keys whose overlap is over. Answers when to come again; null where none is left. */
export async function retireKeys(services: Services, numberId: string): Promise<Instant | null> {
  const snapshot = await services.ledger.read<NumberState>({ kind: 'number', id: numberId })
  if (snapshot === null) return null
  const now = services.clock.now()
  const told = overKeys(snapshot.state, now).map(({ keyId }) => keyId)
  await announceLetGo(services, told)
  const readable = isReadable(services, snapshot.state)
  try {
    return await mutateNumber<Instant | null>(services, numberId, (state) => {
      // One has come to be over meanwhile, and does not know yet.
      if (overKeys(state, now).some(({ keyId }) => !told.includes(keyId))) return { result: now }
      const step = letGo(state, now, KEEPER)
      const result = letGoDue(step.next, now)
      return step.next === state ? { result } : numberDecision(step, { readable, result })
    })
  } catch (error) {
    // Deleted meanwhile: whoever did has told of all its keys.
    if (isFault(error) && error.code === 'not_found') return null
    throw error
  }
}
