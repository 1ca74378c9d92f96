import { Fault } from '../../fault/fault.ts'
import { concludeWrite } from '../../number/conclude.ts'
import { inFlight } from '../../number/timing.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { isGone } from '../keyring/use.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import type { LoadedNumber } from './load.ts'

export const SETTLER: Actor = { kind: 'schedule', id: 'settle' }

/**
 * Ends a write whose owner died before it found its key open, as one that was never sent; whether there was such. Any
 * other dead write may have been sent. That its key is gone is proof: nobody deletes a key while a number shows that
 * it uses it, so it was closed before this number did, and then its writer, had it lived to look, was refused.
 * @throws Fault conflict, retryable, while the key is being deleted
 */
export async function endUnsent(
  services: Services,
  { number, readable }: LoadedNumber,
): Promise<boolean> {
  const { writing } = number
  if (writing === null || writing.keyId === null) return false
  const now = services.clock.now()
  if (inFlight(number, now) !== null) return false
  if (!(await isGone(services, writing.keyId, number.connectionId))) return false
  const fault = new Fault('conflict', `Cannot use key "${writing.keyId}": it was deleted meanwhile`)
  return mutateNumber(services, number.id, (state) => {
    const options = { now, readable, actor: SETTLER }
    const conclusion = concludeWrite(state, writing, { kind: 'refused', fault }, options)
    if (!conclusion.held) return { result: false }
    return numberDecision(conclusion.step, { readable, result: true })
  })
}
