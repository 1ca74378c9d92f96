import { type Instant, isScope, type Principal } from '@latchkey/core'
import type { JWTPayload } from 'jose'
import * as z from 'zod'
import { connectionId } from '../schemas/ids.ts'

/** OpenID Connect Core 1.0 §2: a subject is at most 255 ASCII characters. It is kept with every event. */
const subject = z.string().regex(/^[\x20-\x7e]{1,255}$/)
const limit = z.array(connectionId).optional()

export interface VerifiedJwt {
  readonly principal: Principal
  readonly expiresAt: Instant
}

/** Who a verified JWT speaks for; null where its claims cannot be read. */
export function principalOf(issuer: string, payload: JWTPayload): VerifiedJwt | null {
  const { scope, exp } = payload
  const sub = subject.safeParse(payload.sub)
  // A limit that cannot be read must not become no limit.
  const connections = limit.safeParse(payload['latchkey_connections'])
  if (!sub.success || !connections.success || exp === undefined) return null
  return {
    principal: {
      actor: { kind: 'jwt', id: `${issuer}#${sub.data}` },
      scopes: (typeof scope === 'string' ? scope : '').split(' ').filter(isScope),
      connections: connections.data ?? null,
      // It proves for a while who somebody is; what they may do does not end with the proof.
      expiresAt: null,
    },
    expiresAt: exp * 1000,
  }
}
