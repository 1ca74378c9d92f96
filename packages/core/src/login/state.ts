import type { Instant } from '../instant.ts'
import type { Principal } from '../token/principal.ts'

/** A session that was given out for a token, by the digests of its two secrets. */
export interface LoginSession {
  readonly accessDigest: string
  readonly accessUntil: Instant
  readonly renewalDigest: string
  readonly renewalUntil: Instant
  /** The digest of the token that it was given for: it ends with that. */
  readonly credential: string
  readonly credentialUntil: Instant | null
  readonly principal: Principal
}

/** The sessions that one caller has at one connection, the oldest first. */
export interface LoginState {
  readonly sessions: readonly LoginSession[]
}

/** Sessions of one caller that are remembered, where the dialect sets no limit of its own. */
export const SESSIONS_MAX = 64

export function liveSessions(state: LoginState | null, now: Instant): readonly LoginSession[] {
  return (state?.sessions ?? []).filter(
    ({ accessUntil, renewalUntil }) => Math.max(accessUntil, renewalUntil) > now,
  )
}

const SLOT_LENGTH = 12

/**
 * Where a caller's sessions at a connection are kept.
 * @param slot 12 characters that tell callers apart, as of a digest
 */
export function loginKey(connectionId: string, slot: string): { kind: 'login'; id: string } {
  return {
    kind: 'login',
    id: `log_${connectionId.slice('con_'.length)}${slot.slice(0, SLOT_LENGTH)}`,
  }
}
