import { Fault } from '../../fault/fault.ts'
import { numberLabels } from '../../number/labels.ts'
import { type NumberState } from '../../number/state.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { isReadable } from '../key/readable.ts'

/** Changes a number's label. @throws Fault not_found */
export async function relabelNumber(
  services: Services,
  request: Request<NumberState>,
  { id, label }: { readonly id: string; readonly label: string | null },
): Promise<NumberState> {
  return services.ledger.mutate<NumberState, NumberState>({ kind: 'number', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find number "${id}"`)
    const next = { ...state, label, updatedAt: services.clock.now() }
    return {
      result: next,
      next,
      labels: numberLabels(next, isReadable(services, next)),
      events: [
        { type: 'number.updated', at: next.updatedAt, actor: request.actor, data: { label } },
      ],
      ...receiptOf(request, next),
    }
  })
}
