import type { Instant } from '../../instant.ts'
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
  const state = await mutateNumber(services, number.id, (present) => {
    if (present.epoch !== began || present.writing !== null) return { result: present }
    if (isOvertaken(present.observed, beganAt, now)) return { result: present }
    const step = observe(present, reading, { now, actor })
    return numberDecision(step, { readable: true, result: step.next })
  })
  return { reading, observation, state }
}

/** Whether a read that was answered sooner may have begun later, so that it knows better. */
function isOvertaken(seen: Observation | null, beganAt: Instant, now: Instant): boolean {
  return seen !== null && beganAt < seen.at && seen.at <= now
}
