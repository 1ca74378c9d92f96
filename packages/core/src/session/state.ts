import type { ConnectionState } from '../connection/state.ts'
import type { Instant } from '../instant.ts'

/** The upstream session of a connection: sealed, shared by all its calls, renewed by one holder at a time. */
export interface SessionState {
  /** Counts the sessions opened, so that one reported as ended is renewed once. */
  readonly serial: number
  /** The `updatedAt` of the connection as it was when the session was opened, or refused. */
  readonly configuredAt: Instant | null
  readonly sealed: string | null
  readonly expiresAt: Instant | null
  readonly renewal: { readonly holder: string; readonly leaseUntil: Instant } | null
  /** Credentials were refused: nobody tries again before this, lest the upstream locks the account. */
  readonly refusedUntil: Instant | null
}

export const NO_SESSION: SessionState = {
  serial: 0,
  configuredAt: null,
  sealed: null,
  expiresAt: null,
  renewal: null,
  refusedUntil: null,
}

/**
 * The session as far as it concerns a connection: none, where it was opened with other credentials or at another
 * host, as by a call that had begun before those were changed.
 */
export function sessionOf(
  { updatedAt }: Pick<ConnectionState, 'updatedAt'>,
  kept: SessionState | null,
): SessionState {
  if (kept?.configuredAt === updatedAt) return kept
  return { ...NO_SESSION, serial: kept?.serial ?? 0, configuredAt: updatedAt }
}

export function sessionKey(connectionId: string): { kind: 'session'; id: string } {
  return { kind: 'session', id: `ses_${connectionId.slice('con_'.length)}` }
}

export function sessionPlace(connectionId: string): string {
  return `connection/${connectionId}/session`
}
