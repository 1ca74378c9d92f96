import { Fault, type Instant, type Principal, type Services } from '@latchkey/core'
import { isTokenShaped, sha256Hex } from '@latchkey/crypto'
import type { ApiDependencies } from '../dependencies.ts'
import { bearerOf } from './bearer.ts'
import { identityFetch } from './identity-fetch.ts'
import type { JwtVerifier } from './jwt.ts'
import { findToken, firstAdmin, type KnownToken } from './latchkey-token.ts'
import { TokenCache } from './token-cache.ts'

/** Tells who asks, from the Authorization header. */
export interface Authenticator {
  /** @throws Fault unauthenticated, upstream_unavailable where the keys of a JWT's issuer are not to be had */
  authenticate(services: Services, authorization: string | null): Promise<Principal>
  /** The same for a token from another place. */
  identify(services: Services, token: string): Promise<Identity>
  /** Whether a token that was taken before still is, by its digest; null for one that is not of ours to end. */
  recall(services: Services, digest: string): Promise<Principal | null>
  /** Stops remembering a token that was revoked here. */
  forget(digest: string): void
}

/** Who a token belongs to, and how long at most. */
export interface Identity {
  readonly principal: Principal
  readonly digest: string
  readonly expiresAt: Instant | null
  /** Set where an issuer vouches for it: it cannot be revoked here. */
  readonly isJwt: boolean
}

export function createAuthenticator(dependencies: ApiDependencies): Authenticator {
  const { services, settings } = dependencies
  const cache = new TokenCache(services.clock)
  let verifier: JwtVerifier | undefined

  /** Loaded for the first JWT: where no issuer is configured there is none. */
  async function verify(token: string): Promise<KnownToken | null> {
    if (settings.issuers.length === 0) return null
    const { JwtVerifier: Verifier } = await import('./jwt.ts')
    const fetch = identityFetch(services.upstream)
    verifier ??= new Verifier(settings.issuers, fetch, services.clock)
    return verifier.verify(token)
  }

  async function resolve(current: Services, token: string, digest: string) {
    const first = firstAdmin(digest, await settings.adminTokenDigest())
    if (first !== null) return first
    // A JWT has two dots; a Latchkey token none (base64url).
    if (token.split('.').length === 3) return verify(token)
    // What cannot be a token is nobody's: the storage need not say so.
    return isTokenShaped(token) ? findStored(current, digest) : null
  }

  async function findStored(current: Services, digest: string) {
    if (cache.isUnknown(digest)) return null
    const found = await findToken(current, digest)
    if (found === null) cache.setUnknown(digest)
    return found
  }

  async function identify(current: Services, token: string): Promise<Identity> {
    const digest = await sha256Hex(token)
    const remembered = cache.get(digest)
    const known = remembered ?? (await resolve(current, token, digest))
    if (known === null) {
      throw new Fault(
        'unauthenticated',
        'Cannot authenticate: the token is unknown, expired or revoked',
      )
    }
    if (remembered === null) cache.set(digest, known)
    return { ...known, digest, isJwt: known.principal.actor.kind === 'jwt' }
  }

  return {
    async authenticate(current, authorization) {
      return (await identify(current, bearerOf(authorization))).principal
    },
    identify,
    async recall(current, digest) {
      const remembered = cache.get(digest)
      if (remembered !== null) return remembered.principal
      const known =
        firstAdmin(digest, await settings.adminTokenDigest()) ?? (await findToken(current, digest))
      if (known === null) return null
      cache.set(digest, known)
      return known.principal
    },
    forget: (digest) => {
      cache.revoke(digest)
    },
  }
}
