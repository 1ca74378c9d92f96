import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'

export const AUDIENCE = 'latchkey'
const LIFETIME_SECONDS = 300

/** A signing key of an issuer, with its public half as the issuer shows it. */
export interface SigningKey {
  /** Undefined: its tokens name no key. */
  readonly kid: string | undefined
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export async function signingKey(alg: string, kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** Seconds since the epoch, and so many more. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}

export interface MintOptions {
  /** Over the usual ones; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Partial<JWTHeaderParameters>
}

/** A token that holds, but for what the options change. */
export function mint(
  issuer: string,
  key: SigningKey,
  { claims = {}, header = {} }: MintOptions = {},
): Promise<string> {
  return new SignJWT({
    iss: issuer,
    aud: AUDIENCE,
    sub: 'somebody',
    scope: 'connections:read',
    exp: inSeconds(LIFETIME_SECONDS),
    ...claims,
  })
    .setProtectedHeader({
      alg: key.alg,
      ...(key.kid === undefined ? {} : { kid: key.kid }),
      ...header,
    })
    .sign(key.privateKey, {
      crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])),
    })
}
