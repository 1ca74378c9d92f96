import type { Instant } from '@latchkey/core'
import type { StoredKey } from '../shared/key-slot.ts'

export interface GraphSeed {
  readonly app: { readonly id: string; readonly name: string; readonly secret: string }
  readonly tokens: readonly GraphToken[]
  readonly wabas: readonly GraphWaba[]
}

export interface GraphToken {
  readonly token: string
  readonly scopes: readonly string[]
  /** The WABAs that the token's system user has been given. */
  readonly wabaIds: readonly string[]
  /** Null for a token without end. */
  readonly expiresAt: Instant | null
}

export interface GraphWaba {
  readonly id: string
  readonly name: string
  readonly numbers: readonly GraphNumber[]
}

export interface GraphNumber {
  readonly id: string
  readonly displayPhoneNumber: string
  readonly verifiedName: string
  readonly registered: boolean
  readonly key?: StoredKey
  /** Whether Flows may set a key for it at all; refused with code 10 where not. */
  readonly allowListed?: boolean
  /** Gone, and answered with code 33. */
  readonly deleted?: boolean
}
