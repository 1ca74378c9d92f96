import { createHmac } from 'node:crypto'
import { DAY, SECOND, type Instant } from '@latchkey/core'
import type { OnPremUser } from './seed.ts'

/** How long a login lasts, as the page says. */
const LIFETIME = 7 * DAY
/** Signs nothing of value: tokens are looked up, never verified. */
const SIGNING_KEY = 'sandbox'

export interface Session {
  readonly user: OnPremUser
  readonly token: string
  readonly expiresAt: Instant
}

export interface Sessions {
  open(user: OnPremUser, now: Instant): Session
  /** The session of a token that still holds; null for any other. */
  find(token: string, now: Instant): Session | null
  close(token: string): void
  closeAll(): void
}

export function createSessions(): Sessions {
  const open = new Map<string, Session>()
  let count = 0
  return {
    open(user, now) {
      const expiresAt = now + LIFETIME
      const session = { user, expiresAt, token: mintToken(user.name, now, expiresAt, (count += 1)) }
      open.set(session.token, session)
      return session
    },
    find(token, now) {
      const session = open.get(token)
      return session !== undefined && now < session.expiresAt ? session : null
    },
    close: (token) => void open.delete(token),
    closeAll: () => open.clear(),
  }
}

/** `YYYY-MM-DD HH:MM:SS+00:00`, with a space, as a real client writes `expires_after`. */
export function toExpiresAfter(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')}+00:00`
}

/** A JWT with the claims of a real client's token; `wa:rand` keeps two of one second apart. */
function mintToken(user: string, issuedAt: Instant, expiresAt: Instant, count: number): string {
  const claims = {
    user,
    iat: Math.floor(issuedAt / SECOND),
    exp: Math.floor(expiresAt / SECOND),
    'wa:rand': count,
  }
  const signed = `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${jwtPart(claims)}`
  return `${signed}.${createHmac('sha256', SIGNING_KEY).update(signed).digest('base64url')}`
}

function jwtPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
