import { DAY, type Instant, MINUTE, SECOND } from '../../instant.ts'
import { mintId } from '../../ids.ts'
import { FILL_POOL } from '../../keyring/tasks.ts'
import type { Row } from '../../ledger/ledger.ts'
import type { NewKeyPair } from '../../ports.ts'
import type { Fingerprint } from '../../public-key.ts'
import type { Services } from '../../services.ts'

/** A key pair that was made ahead, and is nobody's yet. */
export interface SpareState {
  readonly pem: string
  readonly fingerprint: Fingerprint
  /** Sealed to `sparePlace`. */
  readonly privateKey: string
  readonly madeAt: Instant
}

export interface PoolState {
  /** How many pairs are kept ready, and until when. */
  readonly target: number
  readonly until: Instant
}

export const POOL_KEY = { kind: 'pool', id: 'pol_keys' } as const
/** Kept ready at all times: a new key or two is there at once. */
export const POOL_SIZE = 16
/** Some thirty megabytes of sealed pairs, and the better part of an hour of a core to make them. */
const POOL_SIZE_MAX = 10_000
/** A rotation that nobody started by then is not coming. */
export const RAISED_MS = DAY
/** What a key was taken for, a rotation as often as not, has the machine to itself first: to make one may stop all else. */
const REFILL_AFTER_MS = MINUTE
/** How often one process says that it took something. */
const TELL_EVERY_MS = MINUTE
const PAGE = 500
const LISTING_MS = SECOND
const LOOK_AGAIN_MS = 5

/** Where the private half of a spare pair is sealed to. */
export function sparePlace(id: string): string {
  return `spare/${id}/private`
}

/**
 * Has that many pairs made ahead, for a rotation to come: until it takes the first of them, or for a day. Those that
 * nobody takes are destroyed again.
 */
export async function ensurePool(services: Services, size: number): Promise<void> {
  const now = services.clock.now()
  const target = Math.min(Math.max(size, POOL_SIZE), POOL_SIZE_MAX)
  await services.ledger.mutate<PoolState, null>(POOL_KEY, (state) => {
    const present = state !== null && now < state.until ? state.target : 0
    const next = { target: Math.max(present, target), until: now + RAISED_MS }
    return { result: null, next, labels: {}, tasks: [{ name: FILL_POOL, due: now }] }
  })
}

interface Known {
  /** Ids of spare pairs as they were listed; others may have taken them since. */
  readonly ids: string[]
  listingSince: Instant | null
  toldAt: Instant
}

const knownBy = new WeakMap<object, Known>()

/**
 * A pair that is nobody else's: one that was made ahead, else a new one. Taking a spare pair deletes it, so that it is
 * given out once; whoever dies before it is stored as a key has lost it.
 */
export async function takePair(services: Services): Promise<NewKeyPair> {
  const known = knownBy.get(services.ledger) ?? { ids: [], listingSince: null, toldAt: -Infinity }
  knownBy.set(services.ledger, known)
  await tellTaken(services, known)
  for (;;) {
    const id = known.ids.pop()
    const pair = id === undefined ? null : await take(services, id)
    if (pair !== null) return pair
    if (id !== undefined) continue
    if (isListing(services, known)) await services.clock.sleep(LOOK_AGAIN_MS)
    else if (!(await listAgain(services, known))) return services.keyMaker.generate()
  }
}

/** One of those who want a pair at the same time lists for all. Whoever was cut off while listing is not waited for. */
function isListing({ clock }: Services, { listingSince }: Known): boolean {
  return listingSince !== null && Math.abs(clock.now() - listingSince) < LISTING_MS
}

/** Whether there was a spare pair; others may have taken it by now. */
async function listAgain(services: Services, known: Known): Promise<boolean> {
  known.listingSince = services.clock.now()
  try {
    const listed = await listSpares(services)
    known.ids.push(...listed)
    return listed.length > 0
  } finally {
    known.listingSince = null
  }
}

/** Null where somebody else has it, or it does not open any more. */
async function take(services: Services, id: string): Promise<NewKeyPair | null> {
  const key = { kind: 'spare', id } as const
  const spare = await services.ledger.mutate<SpareState, SpareState | null>(key, (state) =>
    state === null ? { result: null } : { result: state, next: null },
  )
  if (spare === null) return null
  const { pem, fingerprint, privateKey: sealed } = spare
  try {
    const privateKey = await services.sealer.open(sealed, sparePlace(id))
    return { publicKey: { pem, fingerprint }, privateKey }
  } catch {
    services.logger.log('warn', 'Threw a spare key pair away: it does not open', { spareId: id })
    return null
  }
}

/** In any order, so that those who take some at the same time seldom take the same. */
async function listSpares({ ledger, random }: Services): Promise<readonly string[]> {
  const { items } = await ledger.list({ kind: 'spare', limit: PAGE })
  return items
    .map(({ id }) => ({ id, place: random.fraction() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ id }) => id)
}

/** What the pool was raised for has begun; from now on a few are kept ready again. */
async function tellTaken(services: Services, known: Known): Promise<void> {
  const now = services.clock.now()
  if (Math.abs(now - known.toldAt) < TELL_EVERY_MS) return
  known.toldAt = now
  await services.ledger.mutate<PoolState, null>(POOL_KEY, () => ({
    result: null,
    next: { target: POOL_SIZE, until: now },
    labels: {},
    tasks: [{ name: FILL_POOL, due: now + REFILL_AFTER_MS }],
  }))
}

/** Makes a pair for the pool, sealed. */
export async function makeSpare(services: Services): Promise<void> {
  const { publicKey, privateKey } = await services.keyMaker.generate()
  const id = mintId('spare', services.random)
  const next: SpareState = {
    pem: publicKey.pem,
    fingerprint: publicKey.fingerprint,
    privateKey: await services.sealer.seal(privateKey, sparePlace(id)),
    madeAt: services.clock.now(),
  }
  await services.ledger.mutate<SpareState, null>({ kind: 'spare', id }, () => ({
    result: null,
    next,
    labels: {},
  }))
}

/** Every spare pair, without its secret. */
export async function* sparesOf({
  ledger,
}: Services): AsyncGenerator<{ readonly id: string; readonly madeAt: Instant }> {
  let cursor: string | null = null
  do {
    const page: { items: readonly Row<SpareState>[]; nextCursor: string | null } =
      await ledger.list<SpareState>({
        kind: 'spare',
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const { id, state } of page.items) yield { id, madeAt: state.madeAt }
    cursor = page.nextCursor
  } while (cursor !== null)
}
