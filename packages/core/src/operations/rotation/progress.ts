import { Fault } from '../../fault/fault.ts'
import { rotationCounts, countEntries, withStripe } from '../../rotation/counts.ts'
import {
  type Entry,
  rotationLabels,
  type RotationState,
  stripeLabels,
  type StripeState,
} from '../../rotation/state.ts'
import type { Services } from '../../services.ts'

/**
 * Stores what came of numbers. What another holder has ended stays as it is. Once nothing is left to do the stripe
 * lets go of its numbers; where the rotation was cancelled, that is when all that was begun has ended.
 */
export function storeEntries(
  services: Services,
  stripeId: string,
  changed: ReadonlyMap<string, Entry>,
  isCancelled: boolean,
): Promise<StripeState> {
  return services.ledger.mutate<StripeState, StripeState>(
    { kind: 'stripe', id: stripeId },
    (state) => {
      if (state === null) throw new Fault('not_found', `Cannot find stripe "${stripeId}"`)
      const entries = state.entries.map((entry) =>
        entry.done ? entry : (changed.get(entry.numberId) ?? entry),
      )
      const open = entries.filter(({ done, generation }) => {
        return !done && (!isCancelled || generation !== null)
      })
      const next = { ...state, entries, running: state.running && open.length > 0 }
      if (changed.size === 0 && next.running === state.running) return { result: state }
      return { result: next, next, labels: stripeLabels(next) }
    },
  )
}

/** Tells a rotation what one of its stripes has come to; its last word ends the rotation. */
export async function reportStripe(services: Services, stripe: StripeState): Promise<void> {
  const report = { id: stripe.id, counts: countEntries(stripe.entries), done: !stripe.running }
  await services.ledger.mutate<RotationState, null>(
    { kind: 'rotation', id: stripe.rotationId },
    (state) => {
      if (state === null) return { result: null }
      const known = state.stripes.find(({ id }) => id === stripe.id)
      if (JSON.stringify(known) === JSON.stringify({ ...known, ...report })) return { result: null }
      const next = withStripe(state, report, services.clock.now())
      const ended = state.finishedAt === null && next.finishedAt !== null
      return {
        result: null,
        next,
        labels: rotationLabels(next),
        events: ended ? [finished(next, next.finishedAt)] : [],
      }
    },
  )
}

function finished(rotation: RotationState, at: number) {
  const { status, actor } = rotation
  return {
    type: 'rotation.finished',
    at,
    actor,
    data: { status, counts: rotationCounts(rotation) },
  }
}
