import type { Bytes } from '../bytes.ts'
import { readOnly, TAG } from '../der/element.ts'
import { contentOf } from '../der/values.ts'
import { bitString, element } from '../der/write.ts'
import { fromBase64Url } from '../encoding.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { KeyHalves } from './material.ts'
import { encodePkcs8, type PrivateKeyInfo } from './pkcs8.ts'

/** id-Ed25519 (RFC 8410 §3). */
export const ED25519 = '1.3.101.112'

const ALGORITHM = element(
  TAG.sequence,
  element(TAG.objectIdentifier, Uint8Array.of(0x2b, 0x65, 0x70)),
)

/** Of the private and of the public key (RFC 8032 §5.1.5). */
const KEY_BYTES = 32

/**
 * Reads an Ed25519 key (RFC 8410 §7): any seed is one.
 * @throws KeyFormatError where it is not strict DER
 */
export async function readEd25519(info: PrivateKeyInfo): Promise<KeyHalves> {
  if (info.parameters !== undefined) throw new KeyFormatError('its algorithm has parameters')
  const seed = contentOf(readOnly(info.privateKey), TAG.octetString, 'private key')
  if (seed.length !== KEY_BYTES) {
    throw new KeyFormatError(`private key has ${seed.length} bytes, expected ${KEY_BYTES}`)
  }
  const pkcs8 = encodePkcs8(ALGORITHM, element(TAG.octetString, seed))
  const publicKey = await computePublicKey(pkcs8)
  return {
    algorithm: { type: 'Ed25519' },
    pkcs8,
    spki: element(TAG.sequence, ALGORITHM, bitString(publicKey)),
  }
}

async function computePublicKey(pkcs8: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x } = await crypto.subtle.exportKey('jwk', key)
  const publicKey = fromBase64Url(x ?? '')
  if (publicKey?.length !== KEY_BYTES) {
    throw new Error('Cannot compute public key: the runtime gave an incomplete JWK')
  }
  return publicKey
}
