import type { PublicKey } from '@latchkey/core'
import { exportJWK, importSPKI, type JWK } from 'jose'

/** What WhatsApp encrypts with under this key (RFC 7518 §4.3). */
const ALGORITHM = 'RSA-OAEP-256'

/** The key as a JWK (RFC 7517) for encryption, its fingerprint as `kid`. */
export async function exportJwk(publicKey: PublicKey): Promise<JWK> {
  const key = await importSPKI(publicKey.pem, ALGORITHM, { extractable: true })
  return { ...(await exportJWK(key)), use: 'enc', alg: ALGORITHM, kid: publicKey.fingerprint }
}
