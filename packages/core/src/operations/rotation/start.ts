import type { FaultCode } from '../../fault/codes.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { mintId } from '../../ids.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import { rotationCounts } from '../../rotation/counts.ts'
import {
  type Counts,
  type RotationKey,
  rotationLabels,
  type RotationState,
} from '../../rotation/state.ts'
import { SUPERVISE } from '../../rotation/tasks.ts'
import type { Services } from '../../services.ts'
import { ensurePool } from '../keyring/pool.ts'
import { provideRingKey } from '../keyring/provide.ts'
import { readRingKey } from '../keyring/use.ts'
import { requireFree } from './conflict.ts'
import { reportIdle } from './progress.ts'
import { selectNumbers, type Selector } from './select.ts'
import {
  armStripes,
  byConnection,
  type Candidate,
  candidateOf,
  dropStripes,
  planStripes,
  storeStripes,
  summaryOf,
} from './stripes.ts'

export type WantedKey = { readonly generate: 'per-number' | 'shared' } | { readonly keyId: string }

export interface RotationRequest {
  readonly selector: Selector
  readonly key: WantedKey
  readonly overlapMs: number
}

/**
 * Starts to give numbers new keys. What follows is done by tasks.
 * @throws Fault not_found, forbidden, invalid_request, unsupported_operation, conflict (a number is in another running
 * rotation, or the key may not be used)
 */
export async function startRotation(
  services: Services,
  request: Request<RotationState>,
  { selector, key: wanted, overlapMs }: RotationRequest,
): Promise<RotationState> {
  const numbers = await selectNumbers(services, selector, request.sees ?? (() => true))
  const candidates = byConnection(numbers, ({ connectionId }) => connectionId)
  const id = mintId('rotation', services.random)
  const key = await keyOf(services, request, { id, wanted, connections: [...candidates.keys()] })
  return launch(services, request, {
    id,
    key,
    overlapMs,
    candidates: new Map([...candidates].map(([of, all]) => [of, all.map(candidateOf)])),
  })
}

/**
 * What a rotation would do, without doing any of it: how many numbers it is for. Where each is to have a key of its own,
 * as many pairs are made ahead.
 * @throws Fault as `startRotation`
 */
export async function tryRotation(
  services: Services,
  { sees = () => true }: Pick<Request, 'sees'>,
  { selector, key }: RotationRequest,
): Promise<Counts> {
  const numbers = await selectNumbers(services, selector, sees)
  if ('keyId' in key) await readRingKey(services, key.keyId)
  const wanted = byConnection(numbers.map(withConnection), ({ connectionId }) => connectionId)
  await requireFree(services, wanted, { rotationId: null })
  if ('generate' in key && key.generate === 'per-number') await ensurePool(services, numbers.length)
  return {
    total: numbers.length,
    pending: numbers.length,
    published: 0,
    verified: 0,
    failed: 0,
    superseded: 0,
  }
}

function withConnection({
  id,
  connectionId,
}: {
  readonly id: string
  readonly connectionId: string
}) {
  return { numberId: id, connectionId }
}

async function keyOf(
  services: Services,
  { actor }: Request<RotationState>,
  {
    id,
    wanted,
    connections,
  }: { readonly id: string; readonly wanted: WantedKey; readonly connections: readonly string[] },
): Promise<RotationKey> {
  if ('keyId' in wanted) {
    const { destroyedAt } = await readRingKey(services, wanted.keyId)
    if (destroyedAt === null) return { kind: 'one', keyId: wanted.keyId }
    throw new Fault('conflict', `Cannot use key "${wanted.keyId}": its private half was destroyed`)
  }
  if (wanted.generate === 'per-number') return { kind: 'per-number' }
  const keyId = mintId('key', services.random)
  // All that work on it would have to note at once that they use it, and wait for each other.
  await provideRingKey(services, actor, { id: keyId, label: `Rotation ${id}`, connections })
  return { kind: 'one', keyId }
}

export interface Launch {
  readonly id: string
  readonly key: RotationKey
  readonly overlapMs: number
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>
}

/** Somebody else has the idempotency key by now, or the rotation is too large for a row. */
const REFUSALS: ReadonlySet<FaultCode> = new Set(['conflict', 'payload_too_large'])

/** Takes the numbers, stores the rotation, and sets its work off. @throws Fault conflict */
export async function launch(
  services: Services,
  request: Request<RotationState>,
  { id, key, overlapMs, candidates }: Launch,
): Promise<RotationState> {
  const { actor } = request
  const plan = { rotationId: id, key, overlapMs, actor }
  const stripes = planStripes(services, plan, candidates)
  await storeStripes(services, stripes)
  try {
    const over = key.kind === 'previous' ? key.rotationId : null
    await requireFree(services, candidates, { rotationId: id, over })
  } catch (error) {
    await dropStripes(services, stripes)
    throw error
  }
  const rotation: RotationState = {
    id,
    status: 'running',
    key,
    overlapMs,
    actor,
    stripes: stripes.map(summaryOf),
    startedAt: services.clock.now(),
    finishedAt: null,
  }
  try {
    await storeRotation(services, request, rotation)
  } catch (error) {
    // Refused for certain; of any other failure nobody knows whether it was stored.
    if (isFault(error) && REFUSALS.has(error.code)) await dropStripes(services, stripes)
    throw error
  }
  await armStripes(services, stripes)
  return rotation
}

function storeRotation(
  services: Services,
  request: Request<RotationState>,
  rotation: RotationState,
): Promise<null> {
  const { id, key, overlapMs, startedAt, actor } = rotation
  const { total } = rotationCounts(rotation)
  return services.ledger.mutate<RotationState, null>({ kind: 'rotation', id }, () => ({
    result: null,
    next: rotation,
    labels: rotationLabels(rotation),
    events: [
      {
        type: 'rotation.started',
        at: startedAt,
        actor,
        data: { key: { ...key }, overlapMs, total },
      },
    ],
    // The request may die before it has set the stripes off.
    tasks: [{ name: SUPERVISE, due: startedAt }],
    ...receiptOf(request, rotation),
  }))
}

/** Sets off the stripes of a rotation whose request could not, and ends those that are not there to be set off. */
export async function superviseRotation(services: Services, id: string): Promise<null> {
  const snapshot = await services.ledger.read<RotationState>({ kind: 'rotation', id })
  if (snapshot === null) return null
  await armStripes(services, snapshot.state.stripes)
  await reportIdle(services, snapshot.state)
  return null
}
