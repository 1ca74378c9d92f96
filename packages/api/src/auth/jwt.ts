import type { Clock } from '@latchkey/core'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { TrustedIssuer } from '../dependencies.ts'
import type { IdentityFetch } from './identity-fetch.ts'
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts'
import { principalOf, type VerifiedJwt } from './jwt-principal.ts'

/** Asymmetric alone: a secret shared with an issuer could be used to mint tokens here. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/**
 * RFC 7519 §5.1 and RFC 9068 §2.1. Tokens of any other type (logout tokens, proofs) are signed by the same keys and
 * must not pass for these (RFC 8725 §3.11). Without a type, as many issuers send them, it is the `scope` claim that
 * gives rights: what was made for another end has none of ours.
 */
const TYPES: ReadonlySet<string> = new Set([
  'jwt',
  'at+jwt',
  'application/at+jwt',
  'application/jwt',
])

/** Clocks of issuer and verifier differ a little. */
const TOLERANCE_SECONDS = 30
/** No issuer's token is near this size. */
const LENGTH_MAX = 16 * 1024

interface Claimed {
  readonly issuer: TrustedIssuer
  readonly keyId: string | undefined
}

/** Verifies JWTs of the configured issuers; answers null for whatever is not one that holds. */
export class JwtVerifier {
  readonly #issuers: readonly TrustedIssuer[]
  readonly #keys: IssuerKeys
  readonly #clock: Clock

  constructor(issuers: readonly TrustedIssuer[], fetch: IdentityFetch, clock: Clock) {
    this.#issuers = issuers
    this.#keys = createIssuerKeys(fetch, clock)
    this.#clock = clock
  }

  /** @throws Fault upstream_unavailable where the issuer's keys are not to be had */
  async verify(token: string): Promise<VerifiedJwt | null> {
    const claimed = this.#claimedBy(token)
    if (claimed === null) return null
    const { issuer, keyId } = claimed
    const keys = await this.#keys.keysFor(issuer.issuer, keyId)
    try {
      const verified = await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['iss', 'aud', 'exp', 'sub'],
      })
      return principalOf(issuer.issuer, verified.payload)
    } catch {
      // Why a token does not hold is nobody's business who cannot present one that does.
      return null
    }
  }

  /** What a token says of itself, before anything of it is proved: enough to know whose keys to ask for. */
  #claimedBy(token: string): Claimed | null {
    if (token.length > LENGTH_MAX) return null
    try {
      const { typ, alg, crit, kid } = decodeProtectedHeader(token)
      if (typ !== undefined && !TYPES.has(typ.toLowerCase())) return null
      if (crit !== undefined || alg === undefined || !ALGORITHMS.includes(alg)) return null
      if (kid !== undefined && typeof kid !== 'string') return null
      const { iss, aud } = decodeJwt(token)
      const audiences = typeof aud === 'string' ? [aud] : (aud ?? [])
      const issuer = this.#issuers.find(
        (each) => each.issuer === iss && audiences.includes(each.audience),
      )
      return issuer === undefined ? null : { issuer, keyId: kid }
    } catch {
      return null
    }
  }
}
