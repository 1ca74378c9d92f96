import * as z from 'zod'

const text = z.string().exactOptional()

/** The public members of a JWK that a signature is checked with (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
const publicJwk = z.object({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: text,
  use: text,
  alg: text,
  key_ops: z.array(z.string()).exactOptional(),
  crv: text,
  n: text,
  e: text,
  x: text,
  y: text,
})

export type PublicJwk = z.infer<typeof publicJwk>

const keySet = z.object({ keys: z.array(z.unknown()) })

/**
 * The public keys of a JWK set. Others are left out: kinds that we do not know (RFC 7517 §5), secrets, and private
 * keys, since with a published private key anybody can sign.
 * @throws ZodError where it is no JWK set
 */
export function publicKeysOf(document: unknown): readonly PublicJwk[] {
  return keySet.parse(document).keys.flatMap((key) => {
    const parsed = publicJwk.safeParse(key)
    return parsed.success && !isPrivate(key) ? [parsed.data] : []
  })
}

function isPrivate(key: unknown): boolean {
  return typeof key === 'object' && key !== null && ('d' in key || 'k' in key)
}
