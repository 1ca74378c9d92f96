import { createDecipheriv } from 'node:crypto'
import { type Bytes, concat } from '../../bytes.ts'

/** A block cipher in CBC mode with the padding of PKCS#7 (RFC 5652 §6.3). */
export interface Cipher {
  readonly family: 'AES' | 'DES'
  readonly keyBytes: number
  /** Of the initialization vector too. */
  readonly blockBytes: number
}

export const AES_128: Cipher = { family: 'AES', keyBytes: 16, blockBytes: 16 }
export const AES_192: Cipher = { family: 'AES', keyBytes: 24, blockBytes: 16 }
export const AES_256: Cipher = { family: 'AES', keyBytes: 32, blockBytes: 16 }
export const DES: Cipher = { family: 'DES', keyBytes: 8, blockBytes: 8 }
export const DES_EDE: Cipher = { family: 'DES', keyBytes: 16, blockBytes: 8 }
export const DES_EDE3: Cipher = { family: 'DES', keyBytes: 24, blockBytes: 8 }

export interface Encrypted {
  readonly cipher: Cipher
  readonly iv: Bytes
  readonly ciphertext: Bytes
}

/** Null where the padding is wrong: with another key it nearly always is. */
export async function decrypt(
  { cipher, iv, ciphertext }: Encrypted,
  key: Bytes,
): Promise<Bytes | null> {
  if (cipher.family === 'DES') return decryptDes(key, iv, ciphertext)
  // node:crypto has no AES-192 on Deno; the padding is WebCrypto's affair.
  const imported = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt'])
  try {
    const options = { name: 'AES-CBC', iv }
    return new Uint8Array(await crypto.subtle.decrypt(options, imported, ciphertext))
  } catch {
    return null
  }
}

/** Each runtime fails in its own way on a wrong padding: so none is asked to look at it. */
function decryptDes(key: Bytes, iv: Bytes, ciphertext: Bytes): Bytes | null {
  const tripled = tripledKey(key)
  const decipher = createDecipheriv('des-ede3-cbc', tripled, iv)
  decipher.setAutoPadding(false)
  const head = decipher.update(ciphertext)
  const padded = concat(head, decipher.final())
  tripled.fill(0)
  head.fill(0)
  return withoutPadding(padded)
}

/** Encrypting, decrypting and encrypting with K1, K2, K1 is DES-EDE; with one key alone, DES, which no runtime has. */
function tripledKey(key: Bytes): Bytes {
  if (key.length === DES.keyBytes) return concat(key, key, key)
  return concat(key, key.subarray(0, DES_EDE3.keyBytes - key.length))
}

function withoutPadding(padded: Bytes): Bytes | null {
  const count = padded.at(-1) ?? 0
  const sound = count >= 1 && count <= DES.blockBytes && count <= padded.length
  if (!sound || padded.subarray(-count).some((octet) => octet !== count)) return null
  return padded.subarray(0, padded.length - count)
}
