import * as z from 'zod'

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

/**
 * Reads where an issuer keeps its keys (OpenID Connect Discovery 1.0 §4).
 * @throws Error where the document is not to be had, or speaks of another issuer (§4.3)
 */
export async function readIssuerMetadata(
  issuer: string,
  fetch: (url: string) => Promise<Response>,
): Promise<{ readonly jwksUri: string }> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url)
  const parsed = metadata.parse(await response.json())
  if (parsed.issuer !== issuer) throw new Error('Cannot use issuer metadata: issuer differs')
  return { jwksUri: parsed.jwks_uri }
}
