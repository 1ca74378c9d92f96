import { Fault } from '../../fault/fault.ts'
import { rotationCounts, countEntries, withStripe } from '../../rotation/counts.ts'
import {
  type Entry,
  rotationLabels,
  type RotationState,
  stripeLabels,
  type StripeState,
  type StripeSummary,
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
  const { id, rotationId, entries, running } = stripe
  await report(services, rotationId, { id, counts: countEntries(entries), done: !running })
}

/**
 * Tells a rotation of those of its stripes that nobody works on: they were let go of while the request that set it off
 * was so slow that it passed for dead.
 */
export async function reportIdle(services: Services, rotation: RotationState): Promise<void> {
  for (const { id, counts, done } of rotation.stripes) {
    if (done) continue
    const snapshot = await services.ledger.read<StripeState>({ kind: 'stripe', id })
    if (snapshot === null) {
      const { total } = counts
      const lost = { ...countEntries([]), total, failed: total }
      await report(services, rotation.id, { id, counts: lost, done: true })
    } else if (!snapshot.state.running) {
      await reportStripe(services, snapshot.state)
    }
  }
}

async function report(
  services: Services,
  rotationId: string,
  stripe: Pick<StripeSummary, 'id' | 'counts' | 'done'>,
): Promise<void> {
  const key = { kind: 'rotation', id: rotationId } as const
  await services.ledger.mutate<RotationState, null>(key, (state) => {
    if (state === null) return { result: null }
    const known = state.stripes.find(({ id }) => id === stripe.id)
    if (JSON.stringify(known) === JSON.stringify({ ...known, ...stripe })) return { result: null }
    const next = withStripe(state, stripe, services.clock.now())
    const ended = state.finishedAt === null && next.finishedAt !== null
    return {
      result: null,
      next,
      labels: rotationLabels(next),
      events: ended ? [finished(next, next.finishedAt)] : [],
    }
  })
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
