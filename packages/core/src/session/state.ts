import type { Instant } from '../instant.ts'

/** The upstream session of a connection: sealed, shared by all its calls, renewed by one holder at a time. */
export interface SessionState {
  /** Counts the sessions opened, so that one reported as ended is renewed once. */
  readonly serial: number
  readonly sealed: string | null
  readonly expiresAt: Instant | null
  readonly renewal: { readonly holder: string; readonly leaseUntil: Instant } | null
  /** Credentials were refused: nobody tries again before this, lest the upstream locks the account. */
  readonly refusedUntil: Instant | null
}

export const NO_SESSION: SessionState = {
  serial: 0,
  sealed: null,
  expiresAt: null,
  renewal: null,
  refusedUntil: null,
}

export function sessionKey(connectionId: string): { kind: 'session'; id: string } {
  return { kind: 'session', id: `ses_${connectionId.slice('con_'.length)}` }
}

export function sessionPlace(connectionId: string): string {
  return `connection/${connectionId}/session`
}
