import { type Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor, JsonObject } from '../../ledger/ledger.ts'
import { type Claim, claimResend, claimWrite } from '../../number/claim.ts'
import { concludeWrite, confirms, type WriteOutcome } from '../../number/conclude.ts'
import { intend, type IntentRequest } from '../../number/intend.ts'
import type { NumberState, Writing } from '../../number/state.ts'
import { CONCLUDE_MS } from '../../number/timing.ts'
import { settleTask } from '../../number/transition.ts'
import type { KeyReading } from '../../public-key.ts'
import type { Services } from '../../services.ts'
import { callUpstream } from '../call-upstream.ts'
import { requireOpen } from '../keyring/use.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import type { LoadedNumber } from './load.ts'
import { endUnsent } from './unsent.ts'

/** A read right after a write may come too early for the upstream: it gets this many tries. */
const READ_BACK_TRIES = 2
const READ_BACK_PAUSE_MS = 500

export type Carried =
  | { readonly outcome: 'done'; readonly state: NumberState; readonly write: WriteOutcome }
  /** The write went out, but another owner had the number when it came back. */
  | { readonly outcome: 'dropped' }
  | Exclude<Claim, { outcome: 'granted' }>

export interface CarryOutOptions {
  readonly actor: Actor
  /** Read the key back after the write, where the provider can. */
  readonly verify: boolean
  /** Makes the calls when the connection has room for them. */
  readonly whenFree?: WhenFree
}

export type WhenFree = <T>(calls: () => Promise<T>) => Promise<T>

const atOnce: WhenFree = (calls) => calls()

/** Claims the write of a queued intent and carries it out; see `write`. */
export async function carryOut(
  services: Services,
  loaded: LoadedNumber,
  generation: number,
  options: CarryOutOptions,
): Promise<Carried> {
  const claim = await claimOn(services, loaded, (state, now) => claimWrite(state, generation, now))
  return claim.outcome === 'granted' ? write(services, loaded, claim.writing, options) : claim
}

export type Begun =
  | { readonly outcome: 'begun'; readonly writing: Writing }
  /** Another write is in flight: the intent waits, and can be carried out when that one is over. */
  | { readonly outcome: 'queued'; readonly generation: number; readonly until: Instant }

/**
 * Commits an intent and, where no other write is in flight, its claim in the same step.
 * @param request by the number as it stands; null: the intent is not wanted any more
 */
export async function begin(
  services: Services,
  loaded: LoadedNumber,
  request: (state: NumberState) => IntentRequest | null,
): Promise<Begun | null> {
  const { number, readable } = loaded
  await endUnsent(services, loaded)
  return mutateNumber<Begun | null>(services, number.id, (state) => {
    const wanted = request(state)
    if (wanted === null) return { result: null }
    const intended = intend(state, wanted)
    const { generation } = intended.next
    const claim = claimWrite(intended.next, generation, wanted.at)
    if (claim.outcome !== 'granted') {
      const until = claim.outcome === 'busy' ? claim.until : wanted.at
      const result: Begun = { outcome: 'queued', generation, until }
      return numberDecision(intended, { readable, result })
    }
    const { next, events } = claim.step
    const result: Begun = { outcome: 'begun', writing: claim.writing }
    const step = { next, events: [...intended.events, ...events] }
    // Which keys retire, and when, is told anew by whoever ends the write.
    return { ...numberDecision(step, { readable, result }), tasks: [settleTask(next)] }
  })
}

/** Claims a further write of the desired key and carries it out; see `write`. */
export async function carryOutAgain(
  services: Services,
  loaded: LoadedNumber,
  options: CarryOutOptions,
): Promise<Carried> {
  const claim = await claimOn(services, loaded, claimResend)
  return claim.outcome === 'granted' ? write(services, loaded, claim.writing, options) : claim
}

async function claimOn(
  services: Services,
  loaded: LoadedNumber,
  claimIn: (state: NumberState, now: number) => Claim,
): Promise<Claim> {
  const { number, readable } = loaded
  await endUnsent(services, loaded)
  const now = services.clock.now()
  return mutateNumber<Claim>(services, number.id, (state) => {
    const claim = claimIn(state, now)
    if (claim.outcome !== 'granted') return { result: claim }
    return numberDecision(claim.step, { readable, result: claim })
  })
}

/**
 * Calls the upstream under a claim, reads back, and commits what is known now: accepted, refused, or unknown.
 * The commit counts only where generation and fence still hold.
 */
export async function write(
  services: Services,
  loaded: LoadedNumber,
  writing: Writing,
  options: CarryOutOptions,
): Promise<Carried> {
  const { number, readable } = loaded
  const outcome = await outcomeOf(services, loaded, writing, options)
  const now = services.clock.now()
  return mutateNumber<Carried>(services, number.id, (state) => {
    const conclusion = concludeWrite(state, writing, outcome, {
      now,
      readable: readable && options.verify,
      actor: options.actor,
    })
    if (!conclusion.held) return { result: { outcome: 'dropped' } }
    const { step } = conclusion
    const result: Carried = { outcome: 'done', state: step.next, write: outcome }
    return numberDecision(step, { readable, result })
  })
}

/** What a write comes to that may go out at all. */
async function outcomeOf(
  services: Services,
  loaded: LoadedNumber,
  writing: Writing,
  { whenFree = atOnce, verify }: CarryOutOptions,
): Promise<WriteOutcome> {
  try {
    // Before the number showed that it uses the key, somebody may have begun to delete it; from now on nobody does.
    if (writing.keyId !== null) {
      await requireOpen(services, writing.keyId, loaded.number.connectionId)
    }
  } catch (error) {
    return { kind: 'refused', fault: asFault(error) }
  }
  return whenFree(() => attempt(services, loaded, writing, verify && loaded.readable))
}

async function attempt(
  services: Services,
  loaded: LoadedNumber,
  writing: Writing,
  verify: boolean,
): Promise<WriteOutcome> {
  const { number, connection } = loaded
  const input = {
    upstreamId: number.upstreamId,
    publicKey: { pem: writing.pem, fingerprint: writing.fingerprint },
  }
  let answer: JsonObject
  try {
    // Sent after the lease, it could overtake, or be overtaken by, somebody else's.
    const sent = await callUpstream(
      services,
      connection,
      'encryptionKey.publish',
      input,
      [],
      endOf(writing),
    )
    answer = { status: sent.status, requestId: sent.requestId, attempts: sent.attempts }
  } catch (error) {
    const fault = asFault(error)
    return { kind: fault.effect === 'no' ? 'refused' : 'unknown', fault }
  }
  const reading = verify ? await readBack(services, loaded, writing) : null
  return { kind: 'accepted', reading, answer }
}

async function readBack(
  services: Services,
  { number, connection }: LoadedNumber,
  writing: Writing,
): Promise<KeyReading | null> {
  let reading: KeyReading | null = null
  for (let tried = 0; tried < READ_BACK_TRIES; tried += 1) {
    if (tried > 0) await services.clock.sleep(READ_BACK_PAUSE_MS)
    try {
      const read = await callUpstream(
        services,
        connection,
        'encryptionKey.read',
        { upstreamId: number.upstreamId },
        [],
        endOf(writing),
      )
      reading = read.value
    } catch (error) {
      // The write was accepted; that it cannot be read back now is told as pending, not as a failure.
      asFault(error)
      continue
    }
    if (confirms(reading, writing.fingerprint)) break
  }
  return reading
}

function endOf({ leaseUntil }: Writing): Instant {
  return leaseUntil - CONCLUDE_MS
}

/** Only faults are outcomes of a call; anything else is a defect of ours and must not pass for one. */
function asFault(error: unknown): Fault {
  if (isFault(error)) return error
  throw error
}
