import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { heldKeys, RETIRE } from '../../number/ring.ts'
import { type NumberState, target } from '../../number/state.ts'
import { SWEEP } from '../../number/sweep.ts'
import { inFlight } from '../../number/timing.ts'
import { SETTLE } from '../../number/transition.ts'
import { type ReceiptPlan, receiptOf, type Request, takeBack } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { announceLetGo } from '../keyring/let-go.ts'
import { reservationKey } from './identity.ts'
import { release } from './reserve.ts'

/**
 * Forgets a number; its key stays at the upstream as it is.
 * @param options `ifUnused`: only where no key was taken by its upstream, or waits to be sent; `undoes`: the receipt
 * of its creation, which is to be tried again
 * @throws Fault not_found, conflict while a write to it is in flight
 */
export async function deleteNumber(
  services: Services,
  request: Request<null>,
  id: string,
  {
    ifUnused = false,
    undoes,
  }: { readonly ifUnused?: boolean; readonly undoes?: ReceiptPlan<NumberState> | undefined } = {},
): Promise<void> {
  const now = services.clock.now()
  const present = await services.ledger.read<NumberState>({ kind: 'number', id })
  const told = present === null ? [] : heldKeys(present.state)
  await announceLetGo(services, told)
  const gone = await services.ledger.mutate<NumberState, NumberState | null>(
    { kind: 'number', id },
    (state) => {
      if (state === null) throw new Fault('not_found', `Cannot find number "${id}"`)
      // It has got another key meanwhile, which does not know yet.
      if (heldKeys(state).some((keyId) => !told.includes(keyId))) return { result: null }
      const writing = inFlight(state, now)
      if (writing !== null) {
        throw new Fault('conflict', 'Cannot delete number: a write to it is in flight', {
          retryable: true,
          retryAfterMs: writing.leaseUntil - now,
        })
      }
      if (ifUnused && target(state) !== null) {
        throw new Fault('conflict', 'Cannot delete number: somebody else publishes to it')
      }
      return {
        result: state,
        next: null,
        tasks: [
          { name: SETTLE, due: null },
          { name: RETIRE, due: null },
          { name: SWEEP, due: null },
        ],
        events: [
          {
            type: 'number.deleted',
            at: now,
            actor: request.actor,
            data: { connectionId: state.connectionId, upstreamId: state.upstreamId },
          },
        ],
        ...(undoes === undefined ? receiptOf(request, null) : takeBack(undoes)),
      }
    },
  )
  if (gone === null) return deleteNumber(services, request, id, { ifUnused, undoes })
  await free(services, gone)
}

/** A reservation whose number is gone binds nothing: credentials that no longer open are no reason to fail. */
async function free(
  services: Services,
  { id, connectionId, upstreamId }: NumberState,
): Promise<void> {
  try {
    const connection = await openConnection(services, connectionId)
    await release(services, reservationKey(connection, upstreamId), id)
  } catch (error) {
    if (!isFault(error)) throw error
  }
}
