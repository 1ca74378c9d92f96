import type { Instant } from '@latchkey/core'

/**
 * `rfc5280`: RFC 5280 as it stands, for private authorities.
 * `webpki`: with the CA/Browser Forum's Baseline Requirements for TLS servers (CABF BR, version 2) on top.
 */
export type Profile = 'webpki' | 'rfc5280'

/** What the leaf's key is to be used for. */
export type Purpose = 'serverAuth' | 'clientAuth' | 'any'

/** What every certificate of a path is judged by. */
export interface Rules {
  readonly profile: Profile
  readonly purpose: Purpose
  readonly at: Instant
}

export type Role = 'leaf' | 'intermediate' | 'anchor'
