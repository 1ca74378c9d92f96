import { importPublicKey, toBase64 } from '@latchkey/crypto'

const ALGORITHM = {
  name: 'RSA-OAEP',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
}

export interface TestKey {
  /** Canonical SPKI PEM. */
  readonly pem: string
  readonly fingerprint: string
  /** PKCS#8 PEM. */
  readonly privatePem: string
}

/** A fresh key pair; made once per file where the key itself does not matter. */
export async function freshKey(modulusLength = 2048): Promise<TestKey> {
  const options = { ...ALGORITHM, modulusLength }
  const pair = await crypto.subtle.generateKey(options, true, ['encrypt', 'decrypt'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  const privatePem = armour('PRIVATE KEY', pkcs8)
  if (modulusLength !== 2048)
    return { pem: armour('PUBLIC KEY', spki), fingerprint: '', privatePem }
  const { pem, fingerprint } = await importPublicKey(toBase64(spki))
  return { pem, fingerprint, privatePem }
}

export function armour(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
