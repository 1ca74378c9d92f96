import type { Instant } from '../instant.ts'
import type { CertificatePurpose } from '../provider/certificates.ts'

export const TRIGGER_ACTIONS = [
  'rotate',
  'republish',
  'publish',
  'refresh',
  'deploy-certificate',
] as const

/** What a trigger does: `republish` writes the present key again, `refresh` only reads. */
export type TriggerAction = (typeof TRIGGER_ACTIONS)[number]

/** What it is done to. */
export type TriggerTarget =
  | { readonly numberId: string }
  | { readonly numbers: readonly string[] }
  | { readonly certificateId: string }
  | {
      readonly connectionId?: string
      readonly provider?: string
      readonly all?: true
      /** Of the certificate to deploy. */
      readonly purpose?: CertificatePurpose
    }

/** How a trigger rotates. */
export interface TriggerRotation {
  readonly generate: 'per-number' | 'shared'
  readonly overlapMs: number
}

/** What a trigger is to do, wherever that is kept. */
export interface TriggerOrder {
  readonly action: TriggerAction
  readonly target: TriggerTarget
  /** Null for other actions than `rotate`. */
  readonly rotation: TriggerRotation | null
  /** The connections that it reaches; null: all. */
  readonly connections: readonly string[] | null
}

/** A secret that calls of a trigger are signed with. */
export interface TriggerSecret {
  /** `whsec_…`, sealed to `triggerSecretPlace`. */
  readonly sealed: string
  readonly createdAt: Instant
}

export interface TriggerState extends TriggerOrder {
  readonly id: string
  readonly name: string
  /** The newest first; all of them verify. */
  readonly secrets: readonly TriggerSecret[]
  /** The certificate that it deployed last, which makes room for the next. */
  readonly deployed: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** A secret stays live when a new one is made, until the next. */
export const LIVE_SECRETS_MAX = 2

/** Where a secret is sealed to: it opens nowhere else. */
export function triggerSecretPlace(triggerId: string): string {
  return `trigger/${triggerId}/secret`
}
