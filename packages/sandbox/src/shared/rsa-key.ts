import { createPublicKey, type KeyObject } from 'node:crypto'

/** The only length that WhatsApp takes for a business public key. */
const MODULUS_BITS = 2048

export type KeyProblem = 'private-key' | 'not-pem' | 'not-rsa' | 'wrong-length'

/** What keeps a text from being a business public key: a 2048-bit RSA SPKI PEM; null where nothing does. */
export function findKeyProblem(pem: string): KeyProblem | null {
  if (holdsPrivateKey(pem)) return 'private-key'
  // createPublicKey would also take a certificate and PKCS#1.
  if (!pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return 'not-pem'
  const key = parse(pem)
  if (key === null) return 'not-pem'
  if (key.asymmetricKeyType !== 'rsa') return 'not-rsa'
  if (key.asymmetricKeyDetails?.modulusLength !== MODULUS_BITS) return 'wrong-length'
  return null
}

export function holdsPrivateKey(body: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(body)
}

function parse(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}
