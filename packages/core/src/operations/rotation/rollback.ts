import { Fault } from '../../fault/fault.ts'
import { mintId } from '../../ids.ts'
import { type NumberState, target } from '../../number/state.ts'
import type { Request } from '../../receipt.ts'
import type { Entry, RotationState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'
import { readRotation, readStripes, requireFinished } from './read.ts'
import { launch } from './start.ts'
import type { Candidate } from './stripes.ts'

/**
 * Publishes to each number what it had before a rotation; one that has moved on since is left alone. This is a rotation
 * of its own.
 * @throws Fault not_found, conflict where it runs, nothing was published, or a number is in another running rotation
 */
export async function rollbackRotation(
  services: Services,
  request: Request<RotationState>,
  id: string,
): Promise<RotationState> {
  const rotation = await readRotation(services, id)
  requireFinished(rotation, 'roll back')
  const candidates = new Map<string, Candidate[]>()
  for (const { connectionId, entries } of await readStripes(services, rotation)) {
    for (const entry of entries) {
      const candidate = await toRollBack(services, rotation, entry)
      if (candidate === null) continue
      candidates.set(connectionId, [...(candidates.get(connectionId) ?? []), candidate])
    }
  }
  if (candidates.size === 0) {
    throw new Fault('conflict', 'Cannot roll back: no number has a key of this rotation')
  }
  return launch(services, request, {
    id: mintId('rotation', services.random),
    key: { kind: 'previous', rotationId: id },
    overlapMs: rotation.overlapMs,
    candidates,
  })
}

async function toRollBack(
  services: Services,
  { id }: RotationState,
  { numberId, status }: Entry,
): Promise<Candidate | null> {
  // One that is pending may have been begun: what was sent is known at the number, and stored here a little later.
  if (status === 'superseded') return null
  const snapshot = await services.ledger.read<NumberState>({ kind: 'number', id: numberId })
  const wanted = snapshot === null ? null : target(snapshot.state)
  if (wanted?.rotationId !== id) return null
  return { numberId, previous: wanted.replaces ?? null, onlyOver: wanted.fingerprint }
}
