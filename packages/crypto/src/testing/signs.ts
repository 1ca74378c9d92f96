import type { PrivateKeyMaterial } from '../private-key/import.ts'

type SignatureAlgorithm = RsaHashedImportParams & EcKeyImportParams & EcdsaParams

const MESSAGE = new TextEncoder().encode('signed by the private half, verified by the public one')

function algorithmOf({ algorithm }: PrivateKeyMaterial): SignatureAlgorithm {
  const name = { RSA: 'RSASSA-PKCS1-v1_5', EC: 'ECDSA', Ed25519: 'Ed25519' }[algorithm.type]
  const namedCurve = algorithm.type === 'EC' ? algorithm.curve : ''
  return { name, namedCurve, hash: 'SHA-256' }
}

/** Whether WebCrypto takes both halves and the one verifies what the other signs. */
export async function signs(key: PrivateKeyMaterial): Promise<boolean> {
  const algorithm = algorithmOf(key)
  const { subtle } = crypto
  const privateKey = await subtle.importKey('pkcs8', key.pkcs8, algorithm, false, ['sign'])
  const publicKey = await subtle.importKey('spki', key.spki, algorithm, false, ['verify'])
  const signature = await subtle.sign(algorithm, privateKey, MESSAGE)
  return subtle.verify(algorithm, publicKey, signature, MESSAGE)
}
