import type { Instant } from '../instant.ts'
import type { JsonObject } from '../ledger/ledger.ts'

export interface ConnectionState {
  readonly id: string
  readonly provider: string
  readonly name: string
  /** Parsed by the provider's schema, with its defaults. */
  readonly config: JsonObject
  /** All credentials as one sealed JSON object. */
  readonly credentials: string
  /** When each credential was last set; the only thing about them that is shown. */
  readonly credentialsSetAt: { readonly [name: string]: Instant }
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Being deleted: takes no new numbers. */
  readonly closing: boolean
}

/** Where the credentials of a connection are sealed to: they open nowhere else. */
export function credentialsPlace(connectionId: string): string {
  return `connection/${connectionId}/credentials`
}

export function connectionLabels(state: ConnectionState): Record<string, string> {
  return { provider: state.provider }
}
