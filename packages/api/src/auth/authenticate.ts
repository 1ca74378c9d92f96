import { Fault, type Principal, type Services } from '@latchkey/core'
import { sha256Hex } from '@latchkey/crypto'
import type { ApiDependencies } from '../dependencies.ts'
import { identityFetch } from './identity-fetch.ts'
import { JwtVerifier } from './jwt.ts'
import { findToken } from './latchkey-token.ts'
import { TokenCache } from './token-cache.ts'

/** Tells who asks, from the Authorization header. */
export interface Authenticator {
  /** @throws Fault unauthenticated */
  authenticate(services: Services, authorization: string | null): Promise<Principal>
  /** Stops remembering a token that was revoked here. */
  forget(digest: string): void
}

export function createAuthenticator(dependencies: ApiDependencies): Authenticator {
  const { services, settings } = dependencies
  const cache = new TokenCache(services.clock)
  const verifier = new JwtVerifier(
    settings.issuers,
    identityFetch(services.upstream),
    services.clock,
  )

  async function resolve(current: Services, token: string, digest: string) {
    // A JWT has two dots; a Latchkey token none (base64url).
    if (token.split('.').length === 3) return verifier.verify(token)
    return findToken(current, digest, settings.adminTokenDigest)
  }

  return {
    async authenticate(current, authorization) {
      const token = bearerOf(authorization)
      const digest = await sha256Hex(token)
      const remembered = cache.get(digest)
      if (remembered !== null) return remembered
      const known = await resolve(current, token, digest)
      if (known === null) {
        throw new Fault(
          'unauthenticated',
          'Cannot authenticate: the token is unknown, expired or revoked',
        )
      }
      cache.set(digest, known.principal, known.expiresAt)
      return known.principal
    },
    forget: (digest) => {
      cache.delete(digest)
    },
  }
}

/** RFC 6750 §2.1. @throws Fault unauthenticated */
function bearerOf(authorization: string | null): string {
  const match = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization ?? '')
  const token = match?.[1]
  if (token === undefined) {
    throw new Fault(
      'unauthenticated',
      'Cannot authenticate: send the header "Authorization: Bearer <token>"',
    )
  }
  return token
}
