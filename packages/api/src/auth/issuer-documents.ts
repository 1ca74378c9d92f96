import * as z from 'zod'
import type { IdentityFetch } from './identity-fetch.ts'
import { type PublicJwk, publicKeysOf } from './public-jwk.ts'

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

/**
 * Reads an issuer's keys from where its metadata says that they are (OpenID Connect Discovery 1.0 §4).
 * @throws Error where a document is not to be had, or the metadata is of another issuer (§4.3)
 */
export async function readIssuerKeys(
  issuer: string,
  fetch: IdentityFetch,
): Promise<readonly PublicJwk[]> {
  const described = metadata.parse(
    await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
  )
  if (described.issuer !== issuer) throw new Error('Cannot use issuer metadata: issuer differs')
  return publicKeysOf(await fetch(described.jwks_uri))
}
