import { Fault } from '../../fault/fault.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import { rotationCounts } from '../../rotation/counts.ts'
import { rotationLabels, type RotationState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'
import { rotationNotFound } from './read.ts'

/**
 * Begins with no further number of a rotation; what has begun is ended.
 * @throws Fault not_found, conflict where it has finished
 */
export function cancelRotation(
  services: Services,
  request: Request<RotationState>,
  id: string,
): Promise<RotationState> {
  const now = services.clock.now()
  return services.ledger.mutate<RotationState, RotationState>({ kind: 'rotation', id }, (state) => {
    if (state === null) throw rotationNotFound(id)
    if (state.status === 'cancelled') return { result: state, ...receiptOf(request, state) }
    if (state.status !== 'running') {
      throw new Fault('conflict', `Cannot cancel rotation "${id}": it has ${state.status}`)
    }
    const next: RotationState = { ...state, status: 'cancelled', finishedAt: now }
    const counts = rotationCounts(next)
    const { actor } = request
    return {
      result: next,
      next,
      labels: rotationLabels(next),
      events: [
        { type: 'rotation.cancelled', at: now, actor, data: { counts } },
        { type: 'rotation.finished', at: now, actor, data: { status: next.status, counts } },
      ],
      ...receiptOf(request, next),
    }
  })
}
