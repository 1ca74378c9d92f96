import type { Instant } from '../instant.ts'
import type { JsonObject } from '../ledger/ledger.ts'
import type { ProviderRegistry } from '../provider/provider.ts'

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
  /** Calls have failed since then, and none has succeeded; left out where the last one did. */
  readonly trouble?: { readonly since: Instant; readonly isTold: boolean }
}

/** Where the credentials of a connection are sealed to: they open nowhere else. */
export function credentialsPlace(connectionId: string): string {
  return `connection/${connectionId}/credentials`
}

/** The label by which the connections are found that what a provider tells of an account is for. */
export const NOTICE_ACCOUNT = 'noticeAccount'

export function connectionLabels(
  providers: ProviderRegistry,
  { provider, config }: ConnectionState,
): Record<string, string> {
  const account = providers.get(provider)?.webhook?.accountOf(config) ?? null
  return { provider, ...(account === null ? {} : { [NOTICE_ACCOUNT]: account }) }
}
