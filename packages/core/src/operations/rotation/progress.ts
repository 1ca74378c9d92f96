import { Fault } from '../../fault/fault.ts'
import { type Instant, SECOND } from '../../instant.ts'
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

/** How often a rotation is told how far this process is with it. */
const TELL_EVERY_MS = SECOND

type Told = Pick<StripeSummary, 'id' | 'counts' | 'done'>

interface UnderWay {
  readonly stripes: Map<string, Told>
  toldAt: Instant
}

/** What the stripes that a process works on have come to, by their rotation. */
const underWay = new WeakMap<object, Map<string, UnderWay>>()

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
  await report(services, stripe.rotationId, [toldOf(stripe)])
}

/** Tells a rotation how far its stripes are that this process works on: of all at once, and not every time. */
export async function reportProgress(services: Services, stripe: StripeState): Promise<void> {
  const { clock, upstream } = services
  const { rotationId } = stripe
  const rotations = underWay.get(upstream) ?? new Map<string, UnderWay>()
  underWay.set(upstream, rotations)
  const rotation = rotations.get(rotationId) ?? { stripes: new Map(), toldAt: -Infinity }
  rotations.set(rotationId, rotation)
  rotation.stripes.set(stripe.id, toldOf(stripe))
  const now = clock.now()
  if (Math.abs(now - rotation.toldAt) < TELL_EVERY_MS) return
  rotation.toldAt = now
  await report(services, rotationId, [...rotation.stripes.values()])
}

/** This process does not work on a stripe any more: how far it was is not told again. */
export function endProgress({ upstream }: Services, { id, rotationId }: StripeState): void {
  const rotations = underWay.get(upstream)
  const rotation = rotations?.get(rotationId)
  rotation?.stripes.delete(id)
  if (rotation?.stripes.size === 0) rotations?.delete(rotationId)
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
      await report(services, rotation.id, [{ id, counts: lost, done: true }])
    } else if (!snapshot.state.running) {
      await reportStripe(services, snapshot.state)
    }
  }
}

function toldOf({ id, entries, running }: StripeState): Told {
  return { id, counts: countEntries(entries), done: !running }
}

async function report(
  services: Services,
  rotationId: string,
  stripes: readonly Told[],
): Promise<void> {
  const key = { kind: 'rotation', id: rotationId } as const
  await services.ledger.mutate<RotationState, null>(key, (state) => {
    if (state === null) return { result: null }
    const now = services.clock.now()
    const next = stripes.reduce((rotation, stripe) => withStripe(rotation, stripe, now), state)
    if (JSON.stringify(next.stripes) === JSON.stringify(state.stripes)) return { result: null }
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
