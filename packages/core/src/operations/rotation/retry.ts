import { Fault } from '../../fault/fault.ts'
import { MINUTE } from '../../instant.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import { countEntries } from '../../rotation/counts.ts'
import { isFailed, reopen } from '../../rotation/reopen.ts'
import {
  type Entry,
  rotationLabels,
  type RotationState,
  stripeLabels,
  type StripeState,
} from '../../rotation/state.ts'
import { ROTATE, SUPERVISE } from '../../rotation/tasks.ts'
import type { Services } from '../../services.ts'
import { requireFree } from './conflict.ts'
import { readRotation, readStripes, requireFinished, rotationNotFound } from './read.ts'
import { armStripes } from './stripes.ts'

/** When a stripe is looked at whose rotation should be running by then. */
const STALE_CHECK_MS = 15 * MINUTE

/**
 * Tries the numbers that failed once more.
 * @throws Fault not_found, conflict where it runs, nothing failed, or a number is in another running rotation
 */
export async function retryRotation(
  services: Services,
  request: Request<RotationState>,
  id: string,
): Promise<RotationState> {
  const rotation = await readRotation(services, id)
  requireFinished(rotation, 'retry')
  if (rotation.status === 'cancelled') {
    throw new Fault('conflict', `Cannot retry: rotation "${id}" was cancelled; start a new one`)
  }
  const stripes = await readStripes(services, rotation)
  const again = stripes.filter(({ entries }) => entries.some(isFailed))
  if (again.length === 0) throw new Fault('conflict', 'Cannot retry: no number failed')
  const wanted = new Map<string, readonly Entry[]>()
  for (const { connectionId, entries } of again) {
    wanted.set(connectionId, [...(wanted.get(connectionId) ?? []), ...entries.filter(isFailed)])
  }
  for (const { id: stripeId } of again) await takeAgain(services, stripeId)
  try {
    await requireFree(services, wanted, { rotationId: id })
  } catch (error) {
    for (const { id: stripeId } of again) await giveBack(services, stripeId)
    throw error
  }
  const retried = await setRunning(services, request, { id, again, wanted })
  await armStripes(services, again)
  return retried
}

function setRunning(
  services: Services,
  request: Request<RotationState>,
  {
    id,
    again,
    wanted,
  }: {
    readonly id: string
    readonly again: readonly StripeState[]
    readonly wanted: ReadonlyMap<string, readonly Entry[]>
  },
): Promise<RotationState> {
  return services.ledger.mutate<RotationState, RotationState>({ kind: 'rotation', id }, (state) => {
    if (state === null) throw rotationNotFound(id)
    requireFinished(state, 'retry')
    const now = services.clock.now()
    const next: RotationState = {
      ...state,
      status: 'running',
      finishedAt: null,
      stripes: state.stripes.map((each) => {
        const reopened = again.find((stripe) => stripe.id === each.id)
        if (reopened === undefined) return each
        const entries = reopened.entries.map((entry) => reopen(entry, now))
        return { ...each, counts: countEntries(entries), done: false }
      }),
    }
    const { total } = countEntries([...wanted.values()].flat())
    return {
      result: next,
      next,
      labels: rotationLabels(next),
      events: [{ type: 'rotation.retried', at: now, actor: request.actor, data: { total } }],
      tasks: [{ name: SUPERVISE, due: now }],
      ...receiptOf(request, next),
    }
  })
}

/**
 * The failed numbers of a stripe are taken again; it is armed, and they are open, once the rotation's own commit says
 * that it runs. A request that dies before that has changed nothing about them.
 */
function takeAgain(services: Services, id: string): Promise<null> {
  const now = services.clock.now()
  return services.ledger.mutate<StripeState, null>({ kind: 'stripe', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find stripe "${id}"`)
    // One that is not armed is taken by another request of the same kind, which may be dead.
    if (state.running && state.isArmed) {
      throw new Fault('conflict', `Cannot retry: rotation "${state.rotationId}" is running`)
    }
    const next = { ...state, running: true, isArmed: false }
    const tasks = [{ name: ROTATE, due: now + STALE_CHECK_MS }]
    return { result: null, next, labels: stripeLabels(next), tasks }
  })
}

function giveBack(services: Services, id: string): Promise<null> {
  return services.ledger.mutate<StripeState, null>({ kind: 'stripe', id }, (state) => {
    // Another request has gone further with it.
    if (state === null || state.isArmed) return { result: null }
    const next = { ...state, running: false }
    const tasks = [{ name: ROTATE, due: null }]
    return { result: null, next, labels: stripeLabels(next), tasks }
  })
}
