import type { LedgerNamespace } from '@latchkey/ledger/durable-object'

/** The bindings and settings of wrangler.jsonc. */
export interface Env {
  readonly LEDGER: LedgerNamespace
  readonly LATCHKEY_ADMIN_TOKEN?: string
  readonly LATCHKEY_KEYS?: string
  readonly LATCHKEY_OIDC_ISSUERS?: string
  readonly LATCHKEY_UPSTREAM_HOSTS?: string
  readonly LATCHKEY_ALLOW_PRIVATE_HOSTS?: string
  readonly LATCHKEY_RATE_LIMIT?: string
  readonly LATCHKEY_SWEEP_SECONDS?: string
  readonly LATCHKEY_DESTROY_AFTER_SECONDS?: string
}
