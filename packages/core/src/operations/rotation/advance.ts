import { Fault, isFault } from '../../fault/fault.ts'
import { type Instant, SECOND } from '../../instant.ts'
import { endRotation, isVerified } from '../../number/rotate.ts'
import type { NumberState } from '../../number/state.ts'
import { judge, nextCheck, unseenFor } from '../../rotation/judge.ts'
import { entryProblem } from '../../rotation/problem.ts'
import type { Entry, EntryProblem } from '../../rotation/state.ts'
import { begin, carryOut, type Carried, write } from '../key/carry-out.ts'
import { mutateNumber, numberDecision } from '../key/commit.ts'
import type { LoadedNumber } from '../key/load.ts'
import { lookUpstream } from '../key/look.ts'
import { provideRingKey } from '../keyring/provide.ts'
import { useRingKey } from '../keyring/use.ts'
import type { KeyToPublish, StripeRun } from './run.ts'

/** Tries at a number whose upstream fails; a refusal for too many calls is none. */
const TRIES = 5
const RETRY_MS = 2 * SECOND
/** When an outcome that nobody knows is asked for again; the publish machine finds out meanwhile. */
const OUTCOME_CHECK_MS = 30 * SECOND
const RATE_LIMIT_PAUSE_MS = 15 * SECOND

/**
 * Does the next thing about one number of a rotation: publishes, reads, or only judges. Whatever it is interrupted in
 * is taken up by judging the number again.
 */
export async function advanceEntry(
  run: StripeRun,
  entry: Entry,
  key: KeyToPublish | Fault,
): Promise<Entry> {
  const { services } = run
  try {
    if (isFault(key)) throw key
    const snapshot = await services.ledger.read<NumberState>({ kind: 'number', id: entry.numberId })
    if (snapshot === null) {
      throw new Fault('not_found', `Cannot find number "${entry.numberId}": it was deleted`)
    }
    return await act(run, { ...entry, keyId: key.keyId }, { key, number: snapshot.state })
  } catch (error) {
    if (!isFault(error)) throw error
    return afterRefusal(run, entry, error)
  }
}

interface Subject {
  readonly key: KeyToPublish
  readonly number: NumberState
}

async function act(run: StripeRun, entry: Entry, { key, number }: Subject): Promise<Entry> {
  const { services, readable } = run
  const loaded = { number, connection: run.connection, readable }
  const now = services.clock.now()
  const judgement = judge(entry, number, about(run, key, now))
  switch (judgement.do) {
    case 'publish':
      // What was refused is not begun: nothing of it is under way.
      if (run.isStopped()) return { ...entry, generation: null }
      return publish(run, entry, { key, loaded })
    case 'carry_out': {
      const options = { actor: run.stripe.actor, verify: true, whenFree: run.whenFree }
      const carried = await carryOut(services, loaded, judgement.generation, options)
      return afterWrite(run, { ...entry, generation: judgement.generation }, carried)
    }
    case 'read':
      return look(run, entry, loaded)
    case 'wait':
      return { ...started(entry, number), due: judgement.until }
    case 'find_out': {
      const waitingSince = entry.waitingSince ?? now
      return { ...started(entry, number), waitingSince, due: judgement.until }
    }
    case 'end':
      if (judgement.status === 'superseded') {
        return { ...entry, status: 'superseded', done: true, problem: null }
      }
      await tellRotated(run, number)
      return ended(entry, number, judgement.status)
    case 'fail':
      return failed(started(entry, number), judgement.problem)
  }
}

function about({ stripe, readable }: StripeRun, { fingerprint }: KeyToPublish, now: Instant) {
  return { fingerprint, rotationId: stripe.rotationId, readable, now }
}

/**
 * The key for a number, stored for good before this answers, or why there is none. It is had before the number's turn
 * at its upstream, which it would keep others from.
 */
export async function prepareKey(run: StripeRun, entry: Entry): Promise<KeyToPublish | Fault> {
  try {
    return await keyFor(run, entry)
  } catch (error) {
    if (!isFault(error)) throw error
    return error
  }
}

/** @throws Fault */
async function keyFor(
  { services, stripe, shared }: StripeRun,
  entry: Entry,
): Promise<KeyToPublish> {
  switch (stripe.key.kind) {
    case 'one':
      if (shared === null) throw new Fault('internal', 'Cannot rotate: the key was not read')
      return shared
    case 'previous':
      if (entry.previous === null) {
        throw new Fault('conflict', 'Cannot roll back: the number had no key of ours before')
      }
      return entry.previous
    case 'per-number': {
      if (entry.keyId === null) throw new Fault('internal', 'Cannot rotate: no key was set aside')
      const label = `Rotation ${stripe.rotationId}, number ${entry.numberId}`
      const connections = [stripe.connectionId]
      const draft = { id: entry.keyId, label, connections }
      const made = await provideRingKey(services, stripe.actor, draft)
      return { pem: made.pem, fingerprint: made.fingerprint, keyId: made.id }
    }
  }
}

async function publish(
  run: StripeRun,
  entry: Entry,
  { key, loaded }: { readonly key: KeyToPublish; readonly loaded: LoadedNumber },
): Promise<Entry> {
  const { services, stripe } = run
  const { keyId, ...publicKey } = key
  if (keyId !== null) await useRingKey(services, keyId, stripe.connectionId)
  const at = services.clock.now()
  const begun = await begin(services, loaded, (state) => {
    // Another holder of this stripe may have been here.
    if (judge(entry, state, about(run, key, at)).do !== 'publish') return null
    const { actor, overlapMs, rotationId } = stripe
    return { publicKey, keyId, actor, at, overlapMs, rotationId }
  })
  if (begun === null) return { ...entry, due: at }
  if (begun.outcome === 'queued') {
    return { ...entry, generation: begun.generation, due: Math.min(begun.until, at + SECOND) }
  }
  const { writing } = begun
  const options = { actor: stripe.actor, verify: true, whenFree: run.whenFree }
  const carried = await write(services, loaded, writing, options)
  return afterWrite(run, { ...entry, generation: writing.generation }, carried)
}

async function afterWrite(run: StripeRun, entry: Entry, carried: Carried): Promise<Entry> {
  const now = run.services.clock.now()
  if (carried.outcome !== 'done') return { ...entry, due: now + SECOND }
  const { state, write: outcome } = carried
  switch (outcome.kind) {
    case 'refused':
      return afterRefusal(run, entry, outcome.fault)
    case 'unknown':
      return { ...entry, waitingSince: entry.waitingSince ?? now, due: now + OUTCOME_CHECK_MS }
    case 'accepted': {
      if (!run.readable) return ended(entry, state, 'published')
      if (isVerified(state)) return ended(entry, state, 'verified')
      return { ...taken(entry, state), waitingSince: now, due: nextCheck(now, now) }
    }
  }
}

function afterRefusal({ services, stripe }: StripeRun, entry: Entry, fault: Fault): Entry {
  const now = services.clock.now()
  if (fault.code === 'upstream_rate_limited') {
    const pausedUntil = services.upstream.pace.pausedUntil(stripe.connectionId, now)
    return { ...entry, due: pausedUntil ?? now + RATE_LIMIT_PAUSE_MS }
  }
  const attempts = entry.attempts + 1
  if (!fault.retryable || attempts >= TRIES)
    return failed({ ...entry, attempts }, entryProblem(fault))
  const pause = Math.max(fault.retryAfterMs ?? 0, RETRY_MS * 2 ** (attempts - 1))
  return { ...entry, attempts, due: now + pause }
}

async function look(run: StripeRun, entry: Entry, loaded: LoadedNumber): Promise<Entry> {
  const { services, stripe } = run
  const now = services.clock.now()
  // Whoever published it may have died long ago: it fails for what is seen now.
  const since = entry.waitingSince ?? now
  const waiting = { ...taken(entry, loaded.number), waitingSince: since }
  try {
    const { state } = await run.whenFree(() => lookUpstream(services, loaded, stripe.actor))
    if (isVerified(state)) {
      await tellRotated(run, state)
      return ended(entry, state, 'verified')
    }
  } catch (error) {
    if (!isFault(error)) throw error
  }
  const after = services.clock.now()
  const problem = unseenFor(since, after)
  return problem === null ? { ...waiting, due: nextCheck(since, after) } : failed(waiting, problem)
}

/** The log hears of it once, whoever found out that it is done. */
async function tellRotated({ services, stripe, readable }: StripeRun, { id }: NumberState) {
  const now = services.clock.now()
  await mutateNumber(services, id, (state) => {
    const step = endRotation(state, now, stripe.actor)
    if (step.next === state) return { result: null }
    return numberDecision(step, { readable, result: null })
  })
}

function started(entry: Entry, { desired, queued, writing }: NumberState): Entry {
  const intent = queued ?? writing ?? desired
  const generation = entry.generation ?? intent?.generation ?? null
  return { ...entry, generation, previous: entry.previous ?? intent?.replaces ?? null }
}

function taken(entry: Entry, number: NumberState): Entry {
  return { ...started(entry, number), status: 'published' }
}

function ended(entry: Entry, number: NumberState, status: 'published' | 'verified'): Entry {
  return { ...started(entry, number), status, done: true, problem: null }
}

function failed(entry: Entry, problem: EntryProblem): Entry {
  return { ...entry, status: 'failed', done: true, problem }
}
