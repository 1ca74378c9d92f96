import type { CertificateInspector } from './certificate/inspector.ts'
import type { Courier } from './delivery/courier.ts'
import type { Intervals } from './intervals.ts'
import type { ChainHead, Event, Ledger } from './ledger/ledger.ts'
import type { Clock, KeyMaker, Logger, Random, Sealer, Signer, SignWebhook } from './ports.ts'
import type { ProviderRegistry } from './provider/provider.ts'
import type { Upstream } from './provider/upstream.ts'

/** How events hang together; the recipe is the ledger's. */
export interface EventChain {
  /** Whether an event is unaltered and the very next one after `head` (null: the subject's first). */
  continues(head: ChainHead | null, event: Event): boolean
}

/** Everything that an operation needs from outside; a composition root makes it once. */
export interface Services {
  readonly ledger: Ledger
  readonly chain: EventChain
  readonly upstream: Upstream
  readonly courier: Courier
  readonly providers: ProviderRegistry
  readonly sealer: Sealer
  readonly signer: Signer
  readonly signWebhook: SignWebhook
  readonly keyMaker: KeyMaker
  readonly inspector: CertificateInspector
  readonly intervals: Intervals
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}
