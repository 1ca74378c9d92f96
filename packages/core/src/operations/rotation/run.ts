import type { OpenConnection } from '../../connection/open.ts'
import type { PublicKey } from '../../public-key.ts'
import type { StripeState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'
import type { WhenFree } from '../key/carry-out.ts'

/** A key as it goes out to a number. */
export interface KeyToPublish extends PublicKey {
  /** Null: not one of the ring. */
  readonly keyId: string | null
}

/** What all numbers of a stripe share while it is worked on. */
export interface StripeRun {
  readonly services: Services
  readonly stripe: Pick<StripeState, 'rotationId' | 'connectionId' | 'key' | 'overlapMs' | 'actor'>
  readonly connection: OpenConnection
  readonly whenFree: WhenFree
  /** Nothing of it is to be begun any more. */
  readonly isStopped: () => boolean
  /** The provider has a safe read of the key. */
  readonly readable: boolean
  /** The key that all numbers get, where they get the same. */
  readonly shared: KeyToPublish | null
}
