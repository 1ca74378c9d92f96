import type { Services } from '@latchkey/core'

/** An OpenID issuer whose tokens are taken, and the audience that they must carry. */
export interface TrustedIssuer {
  readonly issuer: string
  readonly audience: string
}

export interface ApiSettings {
  /** Gives the SHA-256 hex of the first admin token; null where an issuer vouches for all. */
  readonly adminTokenDigest: () => Promise<string | null>
  readonly issuers: readonly TrustedIssuer[]
  /** Requests a minute for each token; null for no limit. */
  readonly rateLimit: number | null
  readonly version: string
}

/** What the composition root hands in: everything that touches the world. */
export interface ApiDependencies {
  readonly services: Services
  readonly settings: ApiSettings
  /** Keeps work alive that goes on after the answer. */
  readonly defer: (work: Promise<unknown>) => void
}
