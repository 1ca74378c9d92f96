import type { LedgerNamespace, ProjectionStore } from '@latchkey/ledger/durable-object'

/** The bindings and settings of wrangler.jsonc. */
export interface Env {
  readonly LEDGER: LedgerNamespace
  /** Left out, reads are answered from an isolate's memory or from the object. */
  readonly PROJECTION?: ProjectionStore
  readonly LATCHKEY_ADMIN_TOKEN?: string
  readonly LATCHKEY_KEYS?: string
  readonly LATCHKEY_OIDC_ISSUERS?: string
  readonly LATCHKEY_UPSTREAM_HOSTS?: string
  readonly LATCHKEY_ALLOW_PRIVATE_HOSTS?: string
  readonly LATCHKEY_RATE_LIMIT?: string
  readonly LATCHKEY_SWEEP_SECONDS?: string
  readonly LATCHKEY_DESTROY_AFTER_SECONDS?: string
}

/** What is set, without what is bound. */
export function settingsOf({ LEDGER: _ledger, PROJECTION: _projection, ...settings }: Env) {
  return settings
}
