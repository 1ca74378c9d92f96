import { Fault, type Principal, type Services } from '@latchkey/core'
import { sha256Hex } from '@latchkey/crypto'
import type { ApiDependencies } from '../dependencies.ts'
import { bearerOf } from './bearer.ts'
import { identityFetch } from './identity-fetch.ts'
import { JwtVerifier } from './jwt.ts'
import { findToken, firstAdmin } from './latchkey-token.ts'
import { TokenCache } from './token-cache.ts'

/** Tells who asks, from the Authorization header. */
export interface Authenticator {
  /** @throws Fault unauthenticated, upstream_unavailable where the keys of a JWT's issuer are not to be had */
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
    const first = firstAdmin(digest, settings.adminTokenDigest)
    if (first !== null) return first
    // A JWT has two dots; a Latchkey token none (base64url).
    return token.split('.').length === 3 ? verifier.verify(token) : findToken(current, digest)
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
      cache.revoke(digest)
    },
  }
}
