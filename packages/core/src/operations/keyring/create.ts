import { Fault } from '../../fault/fault.ts'
import { keyIdOf, mintId } from '../../ids.ts'
import {
  newRingKey,
  privateKeyPlace,
  type RingKeyState,
  ringKeyLabels,
} from '../../keyring/state.ts'
import { holdLabel } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Fingerprint, PublicKey } from '../../public-key.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { keyCreated } from './created.ts'
import { takePair } from './pool.ts'
import { findRingKey } from './use.ts'

export interface KeyDraft {
  readonly label: string | null
  /** The connections that its maker is limited to. */
  readonly sharedWith: readonly string[]
}

/** A key that somebody has already. */
export interface GivenKey extends KeyDraft {
  readonly publicKey: PublicKey
  /** PKCS#8 as PEM; null where it stays with whom it belongs to. */
  readonly privateKey: string | null
}

/** Makes a key pair, which is stored for good before this answers. */
export async function generateKey(
  services: Services,
  request: Request<RingKeyState>,
  { label, sharedWith }: KeyDraft,
): Promise<RingKeyState> {
  const id = mintId('key', services.random)
  const { publicKey, privateKey } = await takePair(services)
  const next = newRingKey({
    id,
    label,
    origin: 'generated',
    publicKey,
    privateKey: await services.sealer.seal(privateKey, privateKeyPlace(id)),
    sharedWith,
    at: services.clock.now(),
  })
  return store(services, request, next)
}

/**
 * Takes a key into the ring. Its id follows from its fingerprint, so that it is there once, whoever comes twice.
 * @throws Fault conflict where it is there already; `isVisible` says whether who asks may be told of that key
 */
export async function addKey(
  services: Services,
  request: Request<RingKeyState>,
  given: GivenKey,
  isVisible: (key: RingKeyState) => boolean,
): Promise<RingKeyState> {
  const { publicKey, privateKey, label, sharedWith } = given
  const known = await findRingKey(services, publicKey.fingerprint)
  if (known !== null) throw taken(known, isVisible)
  const id = keyIdOf(publicKey.fingerprint)
  const next = newRingKey({
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
  return store(services, request, next, isVisible)
}

function store(
  services: Services,
  request: Request<RingKeyState>,
  next: RingKeyState,
  isVisible: (key: RingKeyState) => boolean = () => true,
): Promise<RingKeyState> {
  const key = { kind: 'key', id: next.id } as const
  return services.ledger.mutate<RingKeyState, RingKeyState>(key, (state) => {
    if (state !== null) throw taken(state, isVisible)
    return {
      result: next,
      next,
      labels: ringKeyLabels(next),
      events: [keyCreated(next, request.actor)],
      ...receiptOf(request, next),
    }
  })
}

function taken(known: RingKeyState, isVisible: (key: RingKeyState) => boolean): Fault {
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
