import type { Principal, Services, TokenState } from '@latchkey/core'
import { tokenIdOf } from '@latchkey/core'
import { constantTimeEqualText } from '@latchkey/crypto'

/** The first admin token, which comes from the settings and cannot be revoked over the API. */
const FIRST_ADMIN: Principal = {
  actor: { kind: 'token', id: 'tok_admin' },
  scopes: ['admin'],
  connections: null,
  expiresAt: null,
}

export interface KnownToken {
  readonly principal: Principal
  readonly expiresAt: number | null
}

/** The first admin, where this is the digest of the token in the settings. */
export function firstAdmin(digest: string, adminDigest: string | null): KnownToken | null {
  if (adminDigest === null || !constantTimeEqualText(digest, adminDigest)) return null
  return { principal: FIRST_ADMIN, expiresAt: null }
}

/** Who a Latchkey token belongs to, by its digest; null where nobody's, expired or revoked. */
export async function findToken(services: Services, digest: string): Promise<KnownToken | null> {
  const id = tokenIdOf(digest)
  // With what is remembered here, a revocation holds everywhere within 90 s.
  const options = { consistency: 'bounded' } as const
  const stored = await services.ledger.read<TokenState>({ kind: 'token', id }, options)
  if (stored === null || !constantTimeEqualText(stored.state.digest, digest)) return null
  const { scopes, connections, expiresAt } = stored.state
  if (expiresAt !== null && services.clock.now() >= expiresAt) return null
  return { principal: { actor: { kind: 'token', id }, scopes, connections, expiresAt }, expiresAt }
}
