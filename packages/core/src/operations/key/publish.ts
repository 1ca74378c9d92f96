import { Fault, isFault } from '../../fault/fault.ts'
import { type Instant, SECOND } from '../../instant.ts'
import { confirms } from '../../number/conclude.ts'
import { intend, withdraw } from '../../number/intend.ts'
import {
  isCurrent,
  type KeyView,
  observedView,
  publishedView,
  VERIFICATION_PENDING,
} from '../../number/view.ts'
import type { NumberState } from '../../number/state.ts'
import type { Fingerprint, SubmittedKey } from '../../public-key.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { supports, unsupported } from '../call-upstream.ts'
import { refuseLost } from '../keyring/lost.ts'
import { findRingKey, useRingKey } from '../keyring/use.ts'
import { carryOut, type Carried } from './carry-out.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import { loadNumber, type LoadedNumber, readNumber } from './load.ts'
import { lookUpstream } from './look.ts'

/** How long a publish waits for the write before it; then it takes its intent back. */
const TURN_WAIT_MS = 30 * SECOND
const TURN_STEP_MS = 25
const TURN_STEP_MAX_MS = 400

/** What must hold of the upstream's present key for a publish to go ahead (RFC 9110 §13.1). */
export type Precondition =
  | { readonly kind: 'matches'; readonly fingerprints: readonly Fingerprint[] }
  | { readonly kind: 'set' }
  | { readonly kind: 'unset' }

export interface PublishRequest {
  readonly numberId: string
  readonly publicKey: SubmittedKey
  /** Where it was asked for as a key of the ring. */
  readonly keyId?: string
  readonly precondition?: Precondition
  /** When it was asked for, where that is a while ago. */
  readonly askedAt?: Instant
  readonly verify: boolean
}

/**
 * Publishes a key to a number and reads it back where the provider can.
 * @throws Fault not_found, unsupported_operation, precondition_failed, conflict (superseded by a newer publish,
 * another write takes too long, or the key's private half is lost), upstream_* (`effect` unknown: Latchkey keeps reading until it is known)
 */
export async function publishKey(
  services: Services,
  actor: Actor,
  publish: PublishRequest,
): Promise<KeyView> {
  const loaded = await loadNumber(services, publish.numberId)
  if (!supports(loaded.connection, 'encryptionKey.publish')) {
    throw unsupported(loaded.connection, 'encryptionKey.publish')
  }
  const unchangedSince = await checkPrecondition(services, actor, loaded, publish.precondition)
  const keyId = await useKeyOf(services, loaded.number, publish)
  const generation = await mutateNumber(services, publish.numberId, (state) => {
    const step = intend(state, {
      publicKey: publish.publicKey,
      keyId,
      actor,
      at: services.clock.now(),
      ...(publish.askedAt === undefined ? {} : { askedAt: publish.askedAt }),
      ...(unchangedSince === undefined ? {} : { unchangedSince }),
    })
    return numberDecision(step, {
      readable: loaded.readable,
      result: step.next.generation,
    })
  })
  const carried = await takeTurn(services, actor, loaded, { publish, generation })
  if (carried.outcome !== 'done') return standing(services, loaded, { publish, generation })
  return answer(carried, loaded, publish)
}

interface Turn {
  readonly publish: PublishRequest
  readonly generation: number
}

/**
 * A key of the ring is used as such, though it be handed in as a PEM.
 * @throws Fault not_found, conflict where its private half is lost, or about to be
 */
async function useKeyOf(
  services: Services,
  { connectionId }: NumberState,
  { publicKey, keyId }: PublishRequest,
): Promise<string | null> {
  if (keyId !== undefined) return (await useRingKey(services, keyId, connectionId)).id
  const known = await findRingKey(services, publicKey.fingerprint)
  const used = known === null ? null : await useUnlessGone(services, known.id, connectionId)
  if (used === null) await refuseLost(services, publicKey.fingerprint)
  return used
}

async function useUnlessGone(
  services: Services,
  id: string,
  connectionId: string,
): Promise<string | null> {
  try {
    return (await useRingKey(services, id, connectionId)).id
  } catch (error) {
    // Deleted in this very moment: it is not one of the ring any more.
    if (isFault(error) && error.code === 'not_found') return null
    throw error
  }
}

/** Waits for the writes before this one, then carries it out. */
async function takeTurn(
  services: Services,
  actor: Actor,
  loaded: LoadedNumber,
  { publish, generation }: Turn,
): Promise<Exclude<Carried, { outcome: 'busy' }>> {
  if (loaded.number.doubt !== null && loaded.readable) {
    // What an earlier write came to is worth knowing, but must not keep a newer one from going out.
    await lookUpstream(services, loaded, actor).catch(() => null)
  }
  // Counted in pauses: by the clock, which may go back, nobody would know when to stop.
  let waited = 0
  for (let step = TURN_STEP_MS; ; step = Math.min(step * 2, TURN_STEP_MAX_MS)) {
    const carried = await carryOut(services, loaded, generation, {
      actor,
      verify: publish.verify,
    })
    if (carried.outcome !== 'busy') return carried
    if (waited >= TURN_WAIT_MS) {
      if (!(await takeBack(services, actor, loaded, generation))) return { outcome: 'gone' }
      throw new Fault('conflict', 'Cannot publish: another write to this number takes too long', {
        retryable: true,
        retryAfterMs: carried.until - services.clock.now(),
      })
    }
    const pause = step * (0.5 + services.random.fraction() / 2)
    await services.clock.sleep(pause)
    waited += pause
  }
}

/** Whether the intent could be withdrawn: false where it is no longer waiting. */
function takeBack(
  services: Services,
  actor: Actor,
  { number, readable }: LoadedNumber,
  generation: number,
): Promise<boolean> {
  return mutateNumber(services, number.id, (state) => {
    const step = withdraw(state, generation, services.clock.now(), actor)
    if (step.next === state) return { result: false }
    return numberDecision(step, { readable, result: true })
  })
}

/** The answer to a publish that somebody else has taken out of this one's hands: as the number stands now. */
async function standing(
  services: Services,
  { number, readable }: LoadedNumber,
  { publish, generation }: Turn,
): Promise<KeyView> {
  const { state } = await readNumber(services, number.id)
  if (state.generation !== generation) {
    throw new Fault('conflict', 'Cannot publish: a newer publish of this number took its place')
  }
  if (state.desired?.generation !== generation || state.desired.acceptedAt === null) {
    throw new Fault(
      'upstream_timeout',
      'Cannot tell what came of it: the write took too long, and Latchkey is finding out',
      { effect: 'unknown' },
    )
  }
  const { repairs } = publish.publicKey
  const warnings = readable ? [...repairs, VERIFICATION_PENDING] : repairs
  return publishedView(state, { readable, warnings })
}

function answer(
  carried: Extract<Carried, { outcome: 'done' }>,
  loaded: LoadedNumber,
  publish: PublishRequest,
): KeyView {
  const { state, write } = carried
  if (write.kind !== 'accepted') throw write.fault
  const warnings = publish.publicKey.repairs
  if (!loaded.readable) return publishedView(state, { readable: false, warnings })
  const { observed } = state
  const seen = isCurrent(state, observed) && observed.fingerprint === publish.publicKey.fingerprint
  if (seen && write.reading !== null) {
    return observedView(state, observed, {
      source: 'upstream',
      warnings: [...warnings, ...write.reading.warnings],
    })
  }
  const pending = publish.verify && !confirms(write.reading, publish.publicKey.fingerprint)
  return publishedView(state, {
    readable: true,
    warnings: pending ? [...warnings, VERIFICATION_PENDING] : warnings,
  })
}

/** Reads the upstream afresh and compares; gives what must not change before the intent is committed. */
async function checkPrecondition(
  services: Services,
  actor: Actor,
  loaded: LoadedNumber,
  precondition: Precondition | undefined,
): Promise<Pick<NumberState, 'generation' | 'epoch'> | undefined> {
  if (precondition === undefined) return undefined
  const { number, readable } = loaded
  const { generation, epoch } = number
  if (!readable && precondition.kind === 'unset') {
    throw new Fault(
      'precondition_failed',
      'Cannot tell whether a key is set: this provider has no safe read',
    )
  }
  const present = readable
    ? (await lookUpstream(services, loaded, actor)).observation.fingerprint
    : (number.desired?.fingerprint ?? null)
  const holds = holdsOf(precondition, present)
  if (!holds) {
    throw new Fault(
      'precondition_failed',
      `Cannot publish: the key that is set is ${present ?? 'none'}`,
    )
  }
  return { generation, epoch }
}

function holdsOf(precondition: Precondition, present: Fingerprint | null): boolean {
  switch (precondition.kind) {
    case 'unset':
      return present === null
    case 'set':
      return present !== null
    case 'matches':
      return present !== null && precondition.fingerprints.includes(present)
  }
}
