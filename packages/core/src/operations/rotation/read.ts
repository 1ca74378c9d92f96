import { Fault } from '../../fault/fault.ts'
import type { RotationState, StripeState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'

/** @throws Fault not_found */
export async function readRotation(services: Services, id: string): Promise<RotationState> {
  const snapshot = await services.ledger.read<RotationState>({ kind: 'rotation', id })
  if (snapshot === null) throw rotationNotFound(id)
  return snapshot.state
}

export function rotationNotFound(id: string): Fault {
  return new Fault('not_found', `Cannot find rotation "${id}"`)
}

/** The stripes of a rotation, in its own order. */
export async function readStripes(
  services: Services,
  { stripes }: Pick<RotationState, 'stripes'>,
): Promise<readonly StripeState[]> {
  const read = await Promise.all(
    stripes.map(({ id }) => services.ledger.read<StripeState>({ kind: 'stripe', id })),
  )
  return read.flatMap((snapshot) => snapshot?.state ?? [])
}

/** @throws Fault conflict where it runs */
export function requireFinished({ id, status }: RotationState, doing: string): void {
  if (status !== 'running') return
  throw new Fault('conflict', `Cannot ${doing}: rotation "${id}" is running; cancel it first`)
}
