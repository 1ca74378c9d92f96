import type { Instant } from '@latchkey/core'
import type { Upstream } from './upstreams.ts'

/**
 * Something that no client may ever do to a live upstream.
 * `private-key`: a private key was sent to it. `empty-post`: a publish without a key, of which
 * nobody knows whether it reads or erases.
 */
export type IncidentKind = 'private-key' | 'empty-post'

export interface Incident {
  readonly kind: IncidentKind
  readonly upstream: Upstream
  /** The path below the upstream's prefix. */
  readonly path: string
  readonly at: Instant
}
