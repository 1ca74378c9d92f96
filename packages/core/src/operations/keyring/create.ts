import { Fault } from '../../fault/fault.ts'
import { keyIdOf, mintId } from '../../ids.ts'
import {
  newRingKey,
  privateKeyPlace,
  type RingKeyState,
  ringKeyLabels,
} from '../../keyring/state.ts'
import { ADOPT } from '../../keyring/tasks.ts'
import { holdLabel } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Fingerprint, PublicKey } from '../../public-key.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { keyCreated } from './created.ts'
import { noteFound, refuseLost } from './lost.ts'
import { takePair } from './pool.ts'
import { findRingKey } from './use.ts'

export interface KeyDraft {
  readonly label: string | null
  /** The connections that its maker is limited to. */
  readonly sharedWith: readonly string[]
}

/** Whether who asks may be told of a key. */
type Sight = (key: RingKeyState) => boolean

/** A key that somebody has already. */
export interface GivenKey extends KeyDraft {
  readonly publicKey: PublicKey
  /** PKCS#8 as PEM; null where it stays with whom it belongs to. */
  readonly privateKey: string | null
}

/** A key with a pair of its own, to be stored with `storeKey`. */
export async function generatedKey(
  services: Services,
  { label, sharedWith }: KeyDraft,
): Promise<RingKeyState> {
  const id = mintId('key', services.random)
  const { publicKey, privateKey } = await takePair(services)
  return newRingKey({
    id,
    label,
    origin: 'generated',
    publicKey,
    privateKey: await services.sealer.seal(privateKey, privateKeyPlace(id)),
    sharedWith,
    at: services.clock.now(),
  })
}

/**
 * A key that somebody brings, to be stored with `storeKey`. Its id follows from its fingerprint, so that it is in the
 * ring once, though it be brought twice at the same time.
 * @throws Fault conflict where it is there already, or its private half is lost and is not brought
 */
export async function givenKey(
  services: Services,
  { publicKey, privateKey, label, sharedWith }: GivenKey,
  isVisible: Sight,
): Promise<RingKeyState> {
  const known = await findRingKey(services, publicKey.fingerprint)
  if (known !== null) throw taken(known, isVisible)
  await (privateKey === null ? refuseLost : noteFound)(services, publicKey.fingerprint)
  const id = keyIdOf(publicKey.fingerprint)
  return newRingKey({
    id,
    label,
    origin: privateKey === null ? 'external' : 'imported',
    publicKey,
    privateKey:
      privateKey === null ? null : await services.sealer.seal(privateKey, privateKeyPlace(id)),
    connections: await connectionsUsing(services, publicKey.fingerprint),
    sharedWith,
    at: services.clock.now(),
  })
}

/** Stores a new key for good. @throws Fault conflict where it is in the ring already */
export function storeKey(
  services: Services,
  request: Request<RingKeyState>,
  next: RingKeyState,
  isVisible: Sight,
): Promise<RingKeyState> {
  const key = { kind: 'key', id: next.id } as const
  return services.ledger.mutate<RingKeyState, RingKeyState>(key, (state) => {
    if (state !== null) throw taken(state, isVisible)
    return {
      result: next,
      next,
      labels: ringKeyLabels(next),
      events: [keyCreated(next, request.actor)],
      tasks: next.connections.length === 0 ? [] : [{ name: ADOPT, due: next.createdAt }],
      ...receiptOf(request, next),
    }
  })
}

function taken(known: RingKeyState, isVisible: Sight): Fault {
  const what = known.destroyedAt === null ? '' : ', and its private half was destroyed'
  return new Fault(
    'conflict',
    isVisible(known)
      ? `Cannot add key: it is in the ring already, as "${known.id}"${what}`
      : 'Cannot add key: it is in the ring already',
  )
}

const PAGE = 200

/** Where the key was published as a PEM before it was one of the ring. */
async function connectionsUsing(
  { ledger }: Services,
  fingerprint: Fingerprint,
): Promise<readonly string[]> {
  const found = new Set<string>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof ledger.list<NumberState>>> =
      await ledger.list<NumberState>({
        kind: 'number',
        where: { [holdLabel(fingerprint)]: 'used' },
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const { state } of page.items) found.add(state.connectionId)
    cursor = page.nextCursor
  } while (cursor !== null)
  return [...found]
}
