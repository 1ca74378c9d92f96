import type { Instant } from '../instant.ts'
import type { AggregateKey } from '../ledger/keys.ts'

/** Where events are sent to as webhooks. */
export interface EndpointState {
  readonly id: string
  readonly url: string
  /** Types, families (`key.*`) or `*`. */
  readonly events: readonly string[]
  /** Whose events it gets, as its maker sees them; null: all. */
  readonly connections: readonly string[] | null
  /** Those that sign, the newest first. */
  readonly secrets: readonly EndpointSecret[]
  readonly disabled: { readonly at: Instant; readonly reason: DisabledReason } | null
  /** Events after this one have not been looked at; null: after the event of `since`. */
  readonly cursor: string | null
  /** The endpoint's own event from which on it gets those of others. */
  readonly since: { readonly type: string; readonly at: Instant }
  /** Since when every attempt has failed; null where the last one did not. */
  readonly failingSince: Instant | null
  /** The receiver asked to be left alone until then. */
  readonly pausedUntil: Instant | null
  /** The last day, counted from the epoch, whose ended deliveries are gone. */
  readonly prunedDay: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** `gone`: the receiver answered 410. `request`: somebody asked for it. */
export type DisabledReason = 'gone' | 'request'

export interface EndpointSecret {
  /** A `whsec_…`, sealed to `endpointSecretPlace`. */
  readonly sealed: string
  readonly createdAt: Instant
  /** Null: it is the present one. */
  readonly expiresAt: Instant | null
}

export function endpointKey(id: string): AggregateKey {
  return { kind: 'endpoint', id }
}

/** Where the secrets of an endpoint are sealed to: they open nowhere else. */
export function endpointSecretPlace(endpointId: string): string {
  return `webhook-endpoint/${endpointId}/secret`
}

export function endpointLabels({ disabled }: EndpointState): Record<string, string> {
  return { status: endpointStatus({ disabled }) }
}

export function endpointStatus({
  disabled,
}: Pick<EndpointState, 'disabled'>): 'enabled' | 'disabled' {
  return disabled === null ? 'enabled' : 'disabled'
}

/** The secrets that sign at a time. */
export function liveSecrets({ secrets }: EndpointState, now: Instant): readonly EndpointSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || now < expiresAt)
}

/** What events tell of an endpoint: the path and query of its URL may be its receiver's password. */
export function endpointTrace({ url, events }: Pick<EndpointState, 'url' | 'events'>) {
  return { host: new URL(url).host, events }
}
