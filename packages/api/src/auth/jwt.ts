import { type Clock, isScope, type Principal } from '@latchkey/core'
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { TrustedIssuer } from '../dependencies.ts'
import type { IdentityFetch } from './identity-fetch.ts'
import { readIssuerMetadata } from './issuer-metadata.ts'

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

/** RFC 7519 §5.1 and RFC 9068 §2.1: other kinds of JWT (logout tokens, proofs) are signed by the same keys. */
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

export interface VerifiedJwt {
  readonly principal: Principal
  readonly expiresAt: number
}

/** Verifies JWTs of the configured issuers; answers null for whatever is not one that holds. */
export class JwtVerifier {
  readonly #issuers: readonly TrustedIssuer[]
  readonly #fetch: IdentityFetch
  readonly #clock: Clock
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>()

  constructor(issuers: readonly TrustedIssuer[], fetch: IdentityFetch, clock: Clock) {
    this.#issuers = issuers
    this.#fetch = fetch
    this.#clock = clock
  }

  async verify(token: string): Promise<VerifiedJwt | null> {
    const issuer = this.#issuerOf(token)
    if (issuer === null) return null
    try {
      const verified = await jwtVerify(token, await this.#keysOf(issuer.issuer), {
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

  #issuerOf(token: string): TrustedIssuer | null {
    if (token.length > LENGTH_MAX) return null
    try {
      const { typ, alg, crit } = decodeProtectedHeader(token)
      if (!TYPES.has((typ ?? '').toLowerCase()) || crit !== undefined) return null
      if (alg === undefined || !ALGORITHMS.includes(alg)) return null
      const { iss, aud } = decodeJwt(token)
      const audiences = typeof aud === 'string' ? [aud] : (aud ?? [])
      return (
        this.#issuers.find((each) => each.issuer === iss && audiences.includes(each.audience)) ??
        null
      )
    } catch {
      return null
    }
  }

  #keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#keys.get(issuer)
    if (known !== undefined) return known
    const loading = this.#loadKeys(issuer)
    this.#keys.set(issuer, loading)
    // A failure must not be remembered: the issuer may be back in a moment.
    loading.catch(() => this.#keys.delete(issuer))
    return loading
  }

  async #loadKeys(issuer: string): Promise<JWTVerifyGetKey> {
    const { jwksUri } = await readIssuerMetadata(issuer, this.#fetch)
    return createRemoteJWKSet(new URL(jwksUri), { [customFetch]: (url) => this.#fetch(url) })
  }
}

function principalOf(issuer: string, payload: JWTPayload): VerifiedJwt | null {
  const { scope, sub, exp } = payload
  if (sub === undefined || exp === undefined) return null
  const scopes = (typeof scope === 'string' ? scope : '').split(' ').filter(isScope)
  const limited = connectionsOf(payload['latchkey_connections'])
  // A limit that cannot be read must not become no limit.
  if (limited === 'unreadable') return null
  return {
    principal: { actor: { kind: 'jwt', id: `${issuer}#${sub}` }, scopes, connections: limited },
    expiresAt: exp * 1000,
  }
}

function connectionsOf(claim: unknown): readonly string[] | null | 'unreadable' {
  if (claim === undefined) return null
  if (!Array.isArray(claim)) return 'unreadable'
  const ids: unknown[] = claim
  return ids.every((id) => typeof id === 'string') ? ids : 'unreadable'
}
