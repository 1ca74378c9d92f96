import type { KeyMaker } from '@latchkey/core'
import { encodePem } from './pem/write.ts'
import { MODULUS_BITS } from './public-key/soundness.ts'
import { fingerprintOf } from './public-key/spki.ts'

/** What a key is made for decides nothing about it; WebCrypto wants to be told all the same. */
const ALGORITHM = {
  name: 'RSA-OAEP',
  modulusLength: MODULUS_BITS,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: 'SHA-256',
}

/** RSA key pairs by the runtime's WebCrypto, with the exponent 65537. */
export const rsaKeyMaker: KeyMaker = {
  async generate() {
    const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['encrypt', 'decrypt'])
    const [pkcs8, spki] = await Promise.all([
      crypto.subtle.exportKey('pkcs8', pair.privateKey),
      crypto.subtle.exportKey('spki', pair.publicKey),
    ])
    const der = new Uint8Array(spki)
    return {
      publicKey: { pem: encodePem('PUBLIC KEY', der), fingerprint: await fingerprintOf(der) },
      privateKey: encodePem('PRIVATE KEY', new Uint8Array(pkcs8)),
    }
  },
}
