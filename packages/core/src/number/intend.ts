import { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { PublicKey } from '../public-key.ts'
import { type Intent, type NumberState, target } from './state.ts'
import { inFlight } from './timing.ts'
import { event, type Step } from './transition.ts'

export interface IntentRequest {
  readonly publicKey: PublicKey
  readonly keyId: string | null
  readonly actor: Actor
  readonly at: Instant
  /** When it was asked for, where that is a while ago: a key that somebody has asked for since then stays. */
  readonly askedAt?: Instant
  readonly overlapMs?: number
  readonly rotationId?: string
  readonly repair?: Intent['repair']
  /** Set where a precondition was checked against a fresh read: what must not have changed since. */
  readonly unchangedSince?: { readonly generation: number; readonly epoch: number }
}

/** Who wants a key because somebody said so; what Latchkey repairs by itself, it only keeps as it was. */
const ASKING: ReadonlySet<Actor['kind']> = new Set(['token', 'jwt', 'trigger'])

/**
 * Queues a key to be published, superseding one that has not started.
 * @throws Fault precondition_failed where the number moved on after the precondition was checked, or is moving on;
 * conflict where another key was asked for later than this one
 */
export function intend(state: NumberState, request: IntentRequest): Step {
  const seen = request.unchangedSince
  if (seen !== undefined && (seen.generation !== state.generation || seen.epoch !== state.epoch)) {
    throw new Fault(
      'precondition_failed',
      'Cannot publish: the key was changed while the precondition was being checked',
    )
  }
  // The write under way may land after the read that was compared, and changes neither count before it ends.
  if (seen !== undefined && inFlight(state, request.at) !== null) {
    throw new Fault('precondition_failed', 'Cannot publish: the key is being changed just now')
  }
  if (isOutdated(state, request)) {
    throw new Fault('conflict', 'Cannot publish: another key was asked for since then', {
      retryable: false,
    })
  }
  const generation = state.generation + 1
  const { pem, fingerprint } = request.publicKey
  const { keyId, actor, at, overlapMs, repair } = request
  const superseded = state.queued
  return {
    next: {
      ...state,
      generation,
      queued: {
        generation,
        pem,
        fingerprint,
        keyId,
        actor,
        at,
        ...(overlapMs === undefined ? {} : { overlapMs }),
        ...(repair === undefined ? {} : { repair }),
        ...rotationOf(state, request),
      },
      updatedAt: at,
    },
    events: [
      ...(superseded === null
        ? []
        : [
            event('key.superseded', at, actor, {
              generation: superseded.generation,
              fingerprint: superseded.fingerprint,
              by: generation,
            }),
          ]),
      event('key.publish_requested', at, actor, { generation, fingerprint, keyId }),
    ],
  }
}

function isOutdated(state: NumberState, { publicKey, askedAt = Infinity }: IntentRequest): boolean {
  const newest = target(state)
  return (
    newest !== null &&
    newest.at > askedAt &&
    newest.fingerprint !== publicKey.fingerprint &&
    ASKING.has(newest.actor.kind)
  )
}

/** The rotation that an intent belongs to. The same key once more stays that of the rotation which brought it. */
function rotationOf(
  { desired }: NumberState,
  { publicKey, rotationId }: IntentRequest,
): Pick<Intent, 'rotationId' | 'replaces' | 'rotatedAt'> {
  if (rotationId === undefined) {
    if (desired?.rotationId === undefined) return {}
    if (desired.fingerprint !== publicKey.fingerprint) return {}
    const { replaces = null, rotatedAt } = desired
    const told = rotatedAt === undefined ? {} : { rotatedAt }
    return { rotationId: desired.rotationId, replaces, ...told }
  }
  if (desired === null) return { rotationId, replaces: null }
  // Tried again: what the rotation found first is what a rollback brings back.
  if (desired.rotationId === rotationId) return { rotationId, replaces: desired.replaces ?? null }
  const { pem, fingerprint, keyId } = desired
  return { rotationId, replaces: { pem, fingerprint, keyId } }
}

/** Takes an intent back that has not started; the state is unchanged where it has. */
export function withdraw(state: NumberState, generation: number, at: Instant, actor: Actor): Step {
  if (state.queued?.generation !== generation) return { next: state, events: [] }
  return {
    next: { ...state, queued: null, updatedAt: at },
    events: [
      event('key.withdrawn', at, actor, { generation, fingerprint: state.queued.fingerprint }),
    ],
  }
}
