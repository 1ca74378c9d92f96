import type { StoredKey } from '../shared/key-slot.ts'

export interface KaleyraSeed {
  readonly accounts: readonly KaleyraAccount[]
}

export interface KaleyraAccount {
  readonly sid: string
  readonly apiKey: string
  /** Whether the account may use Flows at all; `WA-401` where not. */
  readonly available: boolean
  /** In E.164 with a leading `+`, as the path has it. */
  readonly numbers: readonly {
    readonly phone: string
    readonly registered: boolean
    readonly key?: StoredKey
  }[]
}
