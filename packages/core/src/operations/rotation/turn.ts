import { type OpenConnection, openConnection } from '../../connection/open.ts'
import { type Fault, isFault } from '../../fault/fault.ts'
import { type Instant, MINUTE, SECOND } from '../../instant.ts'
import { createGate, type Gate } from '../../pace/gate.ts'
import { entryProblem } from '../../rotation/problem.ts'
import { type Entry, type RotationState, type StripeState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'
import type { WhenFree } from '../key/carry-out.ts'
import { readRingKey } from '../keyring/use.ts'
import { advanceEntry, prepareKey } from './advance.ts'
import { endProgress, reportProgress, reportStripe, storeEntries } from './progress.ts'
import type { StripeRun } from './run.ts'
import { armStripes, STRIPES_AT_ONCE } from './stripes.ts'

/** Short, so that other work of the same host gets its turn, and a host that is told to stop can. */
const TURN_MS = 10 * SECOND
/** How often what came of the numbers is stored. A process that dies has them judged again. */
const STORE_EVERY_MS = SECOND
/** A stripe is made before its rotation, by a request that may have died in between. */
const ORPHAN_AFTER_MS = 10 * MINUTE
const ORPHAN_CHECK_MS = 10 * SECOND

/** When a stripe is looked at again while others of its connection have all the places. */
const CROWDED_MS = SECOND

/** The stripes of each connection that this process works on. */
const working = new WeakMap<object, Map<string, number>>()
const gates = new WeakMap<object, Gate>()

/** Works on the numbers of a stripe, and says when to come again; null where nothing is left to do. */
export async function rotateStripe(services: Services, stripeId: string): Promise<Instant | null> {
  const key = { kind: 'stripe', id: stripeId } as const
  const snapshot = await services.ledger.read<StripeState>(key)
  if (snapshot === null) return null
  const { state: stripe } = snapshot
  const rotation = await readRotation(services, stripe.rotationId)
  if (rotation === null) return leaveOrphan(services, stripe)
  if (!stripe.running) {
    await reportStripe(services, stripe)
    return null
  }
  if (!stripe.isArmed && rotation.status === 'running') {
    // Whoever was to set it off is late. That begins the task anew.
    await armStripes(services, [stripe])
    return null
  }
  const leave = takePlace(services, stripe.connectionId)
  if (leave === null) return services.clock.now() + CROWDED_MS
  try {
    const connection = await openConnection(services, stripe.connectionId)
    return await takeTurn(services, stripe, { connection, isCancelled: isCancelled(rotation) })
  } catch (error) {
    if (!isFault(error) || error.code !== 'not_found') throw error
    // The connection, or the key of all its numbers, is gone for good.
    return await endAll(services, stripe, error)
  } finally {
    leave()
  }
}

/** A long rotation leaves other tasks their turn; null where as many of its stripes are worked on as may be. */
function takePlace({ upstream }: Services, connectionId: string): (() => void) | null {
  const counts = working.get(upstream) ?? new Map<string, number>()
  working.set(upstream, counts)
  const taken = counts.get(connectionId) ?? 0
  if (taken >= STRIPES_AT_ONCE) return null
  counts.set(connectionId, taken + 1)
  return () => {
    const left = (counts.get(connectionId) ?? 1) - 1
    if (left === 0) counts.delete(connectionId)
    else counts.set(connectionId, left)
  }
}

interface Turn {
  readonly connection: OpenConnection
  readonly isCancelled: boolean
}

async function takeTurn(
  services: Services,
  stripe: StripeState,
  { connection, isCancelled: wasCancelled }: Turn,
): Promise<Instant | null> {
  const { clock } = services
  const { pace } = services.upstream
  const until = clock.now() + TURN_MS
  const limit = Math.min(connection.maxConcurrent, services.upstream.callsAtOnce ?? Infinity)
  const gate = gates.get(services.upstream) ?? createGate()
  gates.set(services.upstream, gate)
  const { id: connectionId } = connection.state
  const slots = () => pace.slots(connectionId, limit, clock.now())
  const whenFree: WhenFree = (calls) => through(gate, callsOf(connectionId), slots, calls)
  let isStopped = wasCancelled
  const run = await runOf(services, stripe, { connection, whenFree, isStopped: () => isStopped })

  let unsaved = new Map<string, Entry>()
  let storedAt = clock.now()
  const waiting = stripe.entries.filter((entry) => {
    return !entry.done && entry.due <= clock.now() && (!isStopped || isStarted(entry))
  })

  const store = async (): Promise<void> => {
    const entries = unsaved
    unsaved = new Map()
    storedAt = clock.now()
    await reportProgress(services, await storeEntries(services, stripe.id, entries, isStopped))
  }
  const isOver = () => {
    const now = clock.now()
    return now >= until || now < until - TURN_MS || pace.pausedUntil(connectionId, now) !== null
  }
  const work = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      if (isOver()) return
      const key = await prepareKey(run, entry)
      const advanced = await through(
        gate,
        connectionId,
        () => atOnceOf(slots()),
        async () => {
          if (isOver()) return null
          if (!isStopped && !isStarted(entry)) isStopped = await wasStopped(services, stripe)
          return isStopped && !isStarted(entry) ? null : advanceEntry(run, entry, key)
        },
      )
      if (advanced !== null) unsaved.set(entry.numberId, advanced)
      if (Math.abs(clock.now() - storedAt) >= STORE_EVERY_MS) await store()
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, () => work()))
  endProgress(services, stripe)
  const stored = await storeEntries(services, stripe.id, unsaved, isStopped)
  await reportStripe(services, stored)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return nextTurn(stored, {
    now: clock.now(),
    pausedUntil: pace.pausedUntil(connectionId, clock.now()),
  })
}

/**
 * Numbers that are worked on at once, where so many calls may be made at once: while those call, as many are stored, so
 * that no call has to wait for storage.
 */
function atOnceOf(slots: number): number {
  return 2 * slots
}

/** The gate that calls go through; the one of the connection itself is for numbers. */
function callsOf(connectionId: string): string {
  return `${connectionId}/calls`
}

async function through<T>(
  gate: Gate,
  key: string,
  limit: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const leave = await gate.enter(key, limit)
  try {
    return await work()
  } finally {
    leave()
  }
}

async function runOf(
  services: Services,
  stripe: StripeState,
  given: Pick<StripeRun, 'connection' | 'whenFree' | 'isStopped'>,
): Promise<StripeRun> {
  const { key } = stripe
  const shared = key.kind === 'one' ? await readRingKey(services, key.keyId) : null
  return {
    services,
    stripe,
    ...given,
    readable: given.connection.bound.operations['encryptionKey.read'] !== undefined,
    shared:
      shared === null
        ? null
        : { pem: shared.pem, fingerprint: shared.fingerprint, keyId: shared.id },
  }
}

function nextTurn(
  stripe: StripeState,
  { now, pausedUntil }: { readonly now: Instant; readonly pausedUntil: Instant | null },
): Instant | null {
  if (!stripe.running) return null
  const dues = stripe.entries.filter(({ done }) => !done).map(({ due }) => due)
  return Math.max(Math.min(...dues), pausedUntil ?? now, now)
}

async function wasStopped(services: Services, stripe: StripeState): Promise<boolean> {
  const rotation = await readRotation(services, stripe.rotationId)
  return rotation === null || isCancelled(rotation)
}

async function readRotation(services: Services, id: string): Promise<RotationState | null> {
  const snapshot = await services.ledger.read<RotationState>({ kind: 'rotation', id })
  return snapshot?.state ?? null
}

/** One that has finished, too, has its stripes taken only where a retry of it was cut off. */
function isCancelled({ status }: RotationState): boolean {
  return status !== 'running'
}

function isStarted({ generation }: Entry): boolean {
  return generation !== null
}

async function leaveOrphan(services: Services, { id, createdAt }: StripeState) {
  const now = services.clock.now()
  if (Math.abs(now - createdAt) < ORPHAN_AFTER_MS) return now + ORPHAN_CHECK_MS
  await services.ledger.mutate({ kind: 'stripe', id }, () => ({ result: null, next: null }))
  return null
}

async function endAll(services: Services, stripe: StripeState, fault: Fault): Promise<null> {
  const problem = entryProblem(fault)
  const entries = stripe.entries
    .filter(({ done }) => !done)
    .map((entry) => [entry.numberId, { ...entry, status: 'failed', done: true, problem }] as const)
  await reportStripe(services, await storeEntries(services, stripe.id, new Map(entries), false))
  return null
}
