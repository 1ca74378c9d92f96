import { type Instant, MINUTE } from '../instant.ts'

/** How long a creation may take between its reservation and its number. */
const PENDING_MS = MINUTE

/**
 * Holds an upstream's number for one of ours: unique per provider, host and account, over all connections.
 * It lives in the registry under an id made of those, so that two creations meet there. It binds while its
 * number exists or may yet be stored; so neither a creation nor a deletion that dies leaves one behind.
 */
export interface ReservationState {
  readonly numberId: string
  readonly at: Instant
}

export function isPending(held: ReservationState, now: Instant): boolean {
  return now >= held.at && now < held.at + PENDING_MS
}

export interface UpstreamIdentity {
  readonly provider: string
  readonly host: string
  readonly account: string
  readonly upstreamId: string
}

/** One text per identity; the parts cannot run into each other. */
export function identityText(identity: UpstreamIdentity): string {
  const { provider, host, account, upstreamId } = identity
  return JSON.stringify([provider, host, account, upstreamId])
}
