import { type Bytes, toUtf8 } from '@latchkey/crypto'
import type { PrivateKeyMaterial } from '@latchkey/crypto/private-key'

/** What is signed to prove the pair; nothing that means anything elsewhere. */
const PROBE = toUtf8('latchkey certificate pre-flight')

const HASHES = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

/**
 * Whether the private key signs what the public key verifies. Reading proved the private key's halves already, so a
 * runtime that cannot sign with a key (Deno with an exponent other than 65537) leaves it at that.
 */
export async function signsFor(key: PrivateKeyMaterial, spki: Bytes): Promise<boolean> {
  const algorithm = algorithmOf(key)
  try {
    const signing = await crypto.subtle.importKey('pkcs8', key.pkcs8, algorithm, false, ['sign'])
    const signature = await crypto.subtle.sign(algorithm, signing, PROBE)
    const verifying = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
    return await crypto.subtle.verify(algorithm, verifying, signature, PROBE)
  } catch (error) {
    if (error instanceof DOMException) return true
    throw error
  }
}

function algorithmOf({ algorithm }: PrivateKeyMaterial) {
  switch (algorithm.type) {
    case 'RSA':
      return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    case 'EC':
      return { name: 'ECDSA', namedCurve: algorithm.curve, hash: HASHES[algorithm.curve] }
    case 'Ed25519':
      return { name: 'Ed25519' }
  }
}
