import { type Instant, SECOND } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import { observe } from '../../number/observe.ts'
import type { NumberState, Observation } from '../../number/state.ts'
import type { KeyReading } from '../../public-key.ts'
import type { Services } from '../../services.ts'
import { callUpstream } from '../call-upstream.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import type { LoadedNumber } from './load.ts'

export interface Look {
  readonly reading: KeyReading
  /** The reading as an observation of the epoch in which the read began. */
  readonly observation: Observation
  readonly state: NumberState
}

/**
 * Reads the key from the upstream and records it, unless a write of ours started or ended meanwhile, or another read
 * overtook this one: then the reading proves nothing and is only handed back.
 */
export async function lookUpstream(
  services: Services,
  loaded: LoadedNumber,
  actor: Actor,
): Promise<Look> {
  const { number, connection } = loaded
  const began = number.epoch
  const beganAt = services.clock.now()
  const { value: reading } = await callUpstream(services, connection, 'encryptionKey.read', {
    upstreamId: number.upstreamId,
  })
  const now = services.clock.now()
  const observation: Observation = {
    status: reading.status,
    pem: reading.publicKey?.pem ?? null,
    fingerprint: reading.publicKey?.fingerprint ?? null,
    at: now,
    epoch: began,
  }
  if (tellsNothingNew(number, observation)) return { reading, observation, state: number }
  const state = await mutateNumber(services, number.id, (present) => {
    if (present.epoch !== began || present.writing !== null) return { result: present }
    if (isOvertaken(present.observed, beganAt, now)) return { result: present }
    const step = observe(present, reading, { now, actor })
    return numberDecision(step, { readable: true, result: step.next })
  })
  return { reading, observation, state }
}

/** Often enough for what is remembered to be young; a number that is read all the time is not written all the time. */
const RECORD_AGAIN_MS = 20 * SECOND

/** Whether a reading only says again what was recorded a moment ago, while nothing was or is being done. */
function tellsNothingNew({ observed, doubt, writing }: NumberState, seen: Observation): boolean {
  if (observed === null || doubt !== null || writing !== null) return false
  const age = seen.at - observed.at
  return (
    age >= 0 &&
    age < RECORD_AGAIN_MS &&
    observed.epoch === seen.epoch &&
    observed.status === seen.status &&
    observed.fingerprint === seen.fingerprint
  )
}

/** Whether a read that was answered sooner may have begun later, so that it knows better. */
function isOvertaken(seen: Observation | null, beganAt: Instant, now: Instant): boolean {
  return seen !== null && beganAt < seen.at && seen.at <= now
}
