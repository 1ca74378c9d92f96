import type { Instant } from '../instant.ts'
import type { Fingerprint } from '../public-key.ts'

/** A key of the ring: a pair that Latchkey holds, or a public key that it knows. */
export interface RingKeyState {
  readonly id: string
  readonly label: string | null
  /** Canonical SubjectPublicKeyInfo PEM. */
  readonly pem: string
  readonly fingerprint: Fingerprint
  readonly custody: 'held' | 'external'
  /** The private half, sealed to `privateKeyPlace`; null where it is somebody else's, or was destroyed. */
  readonly privateKey: string | null
  /** Where numbers use it, or did: nothing can use it in a connection that is not listed. */
  readonly connections: readonly string[]
  /** Being deleted or destroyed, since then: nothing new may use it. */
  readonly closingSince: Instant | null
  /** When the last number let go of it. */
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
