import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { Fingerprint, PublicKey } from '../public-key.ts'
import type { Principal } from '../token/principal.ts'

/** Where a key came from: made here, handed in with its private half, or without. */
export type KeyOrigin = 'generated' | 'imported' | 'external'

/** Somebody is about to delete a key, or to destroy its private half, if no number turns out to use it. */
export interface Closing {
  /** Random; of two that are at it, the later one alone may go on. */
  readonly by: string
  readonly purpose: 'delete' | 'destroy'
  readonly actor: Actor
  readonly since: Instant
}

/** A key of the ring: a pair that Latchkey holds, or a public key that it knows. */
export interface RingKeyState {
  readonly id: string
  readonly label: string | null
  /** Canonical SubjectPublicKeyInfo PEM. */
  readonly pem: string
  readonly fingerprint: Fingerprint
  readonly custody: 'held' | 'external'
  readonly origin: KeyOrigin
  /** The private half, sealed to `privateKeyPlace`; null where it is somebody else's, or was destroyed. */
  readonly privateKey: string | null
  /** Where numbers use it, or did: nothing can use it in a connection that is not listed. */
  readonly connections: readonly string[]
  /** The connections that its maker was limited to: who is limited to one of them sees it too. */
  readonly sharedWith: readonly string[]
  /** While it is set nothing new may use the key. */
  readonly closing: Closing | null
  /** When a number last let go of it; null where none ever has. */
  readonly letGoAt: Instant | null
  /** Since when no number has had anything to do with it any more; null where one has, or none ever had. */
  readonly retiredAt: Instant | null
  readonly destroyedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Where the private half of a key is sealed to: it opens nowhere else. */
export function privateKeyPlace(keyId: string): string {
  return `key/${keyId}/private`
}

export function ringKeyLabels(state: RingKeyState): Record<string, string> {
  return { custody: state.custody, fingerprint: state.fingerprint }
}

/** What a key is made of; everything else begins empty. */
export interface NewRingKey extends Pick<RingKeyState, 'id' | 'label' | 'origin' | 'privateKey'> {
  readonly publicKey: PublicKey
  readonly connections?: readonly string[]
  readonly sharedWith?: readonly string[]
  readonly at: Instant
}

export function newRingKey({ publicKey, at, ...made }: NewRingKey): RingKeyState {
  return {
    id: made.id,
    label: made.label,
    pem: publicKey.pem,
    fingerprint: publicKey.fingerprint,
    custody: made.origin === 'external' ? 'external' : 'held',
    origin: made.origin,
    privateKey: made.privateKey,
    connections: made.connections ?? [],
    sharedWith: made.sharedWith ?? [],
    closing: null,
    letGoAt: null,
    retiredAt: null,
    destroyedAt: null,
    createdAt: at,
    updatedAt: at,
  }
}

/** A token limited to connections sees the keys that their numbers use or used, and those that such a token made. */
export function seesKey(
  { connections: visible }: Pick<Principal, 'connections'>,
  { connections, sharedWith }: Pick<RingKeyState, 'connections' | 'sharedWith'>,
): boolean {
  if (visible === null) return true
  return [...connections, ...sharedWith].some((id) => visible.includes(id))
}
