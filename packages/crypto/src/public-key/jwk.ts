import type { Fingerprint, PublicKey } from '@latchkey/core'
import { readOnly } from '../der/element.ts'
import { toBase64Url } from '../encoding.ts'
import { readSpki } from './rsa.ts'
import { spkiOf } from './spki.ts'

/** An RSA public key for encryption (RFC 7517 §4, RFC 7518 §6.3.1). */
export interface PublicJwk {
  readonly kty: 'RSA'
  /** Modulus and exponent, base64url of big-endian octets without leading zeros. */
  readonly n: string
  readonly e: string
  readonly use: 'enc'
  /** What WhatsApp encrypts with under this key (RFC 7518 §4.3). */
  readonly alg: 'RSA-OAEP-256'
  readonly kid: Fingerprint
}

/** The key as a JWK, its fingerprint as `kid`. WebCrypto is not asked: workerd's imports few exponents. */
export async function exportJwk(publicKey: PublicKey): Promise<PublicJwk> {
  const { modulus, exponent } = readSpki(readOnly(spkiOf(publicKey)))
  return {
    kty: 'RSA',
    n: toBase64Url(modulus),
    e: toBase64Url(exponent),
    use: 'enc',
    alg: 'RSA-OAEP-256',
    kid: publicKey.fingerprint,
  }
}
