import { Fault } from '../../fault/fault.ts'
import { type AggregateKey, partitionOf } from '../../ledger/keys.ts'
import { isPending, type ReservationState } from '../../number/reservation.ts'
import type { Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'

/**
 * Takes an upstream's number for one of ours; taking it again for the same one is harmless.
 * @throws Fault conflict, naming the number that has it to who may know of it
 */
export async function reserve(
  services: Services,
  request: Pick<Request, 'sees'>,
  { key, wanted }: { readonly key: AggregateKey; readonly wanted: ReservationState },
): Promise<void> {
  const held = (await services.ledger.read<ReservationState>(key))?.state ?? null
  if (held !== null && held.numberId !== wanted.numberId) {
    const number = await services.ledger.read({ kind: 'number', id: held.numberId })
    if (number !== null || isPending(held, wanted.at)) throw knownFault(request, held.numberId)
  }
  const holder = await services.ledger.mutate<ReservationState, string>(key, (present) => {
    // Another creation came between the look and this step: it has the number now.
    if (present !== null && present.numberId !== held?.numberId) {
      return { result: present.numberId }
    }
    return { result: wanted.numberId, next: wanted, labels: {} }
  })
  if (holder !== wanted.numberId) throw knownFault(request, holder)
}

/** Frees an upstream's number, if it is this one of ours that has it. */
export async function release(
  services: Services,
  key: AggregateKey,
  numberId: string,
): Promise<void> {
  await services.ledger.mutate<ReservationState, null>(key, (held) =>
    held?.numberId === numberId ? { result: null, next: null } : { result: null },
  )
}

function knownFault({ sees }: Pick<Request, 'sees'>, numberId: string): Fault {
  const visible = sees?.(partitionOf({ kind: 'number', id: numberId })) ?? true
  const where = visible ? `as "${numberId}"` : 'in another connection'
  return new Fault('conflict', `Cannot add number: it is known already ${where}`)
}
