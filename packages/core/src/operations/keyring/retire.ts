import { isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import { letGo, letGoDue } from '../../number/ring.ts'
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
  const { next } = letGo(snapshot.state, now, KEEPER)
  const left = new Set(next.retiring?.map(({ keyId }) => keyId))
  const over = (snapshot.state.retiring ?? []).filter(({ keyId }) => !left.has(keyId))
  await announceLetGo(
    services,
    over.map(({ keyId }) => keyId),
  )
  const readable = isReadable(services, snapshot.state)
  try {
    return await mutateNumber<Instant | null>(services, numberId, (state) => {
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
