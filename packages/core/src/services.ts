import type { Ledger } from './ledger/ledger.ts'
import type { Clock, Logger, Random, Sealer } from './ports.ts'
import type { ProviderRegistry } from './provider/provider.ts'
import type { Upstream } from './provider/upstream.ts'

/** Everything that an operation needs from outside; a composition root makes it once. */
export interface Services {
  readonly ledger: Ledger
  readonly upstream: Upstream
  readonly providers: ProviderRegistry
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}
