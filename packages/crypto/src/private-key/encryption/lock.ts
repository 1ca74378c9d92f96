import type { Bytes } from '../../bytes.ts'
import { readOnly, TAG } from '../../der/element.ts'
import { EncodingError } from '../../der/encoding-error.ts'
import { KeyFormatError } from '../../key-format-error.ts'
import { type Cipher, decrypt, type Encrypted } from './cipher.ts'

/** Opens what was encrypted; null where the passphrase is not the one, as far as anybody can tell. */
export type Lock = (passphrase: string) => Promise<Bytes | null>

/**
 * Decrypts a key. No scheme here has a checksum: a wrong passphrase shows in a wrong padding, or in content that
 * is not one SEQUENCE to its last byte. Both are told alike, so that nobody can ask for one of them. Content that
 * is one SEQUENCE came out of a wrong passphrase once in 2^24 times or less: what is wrong inside is damage.
 */
export async function unlock(encrypted: Encrypted, key: Bytes): Promise<Bytes | null> {
  const plaintext = await decrypt(encrypted, key)
  key.fill(0)
  return plaintext !== null && isSequence(plaintext) ? plaintext : null
}

function isSequence(bytes: Bytes): boolean {
  try {
    return readOnly(bytes).tag === TAG.sequence
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

/** @throws KeyFormatError where the vector or the ciphertext has a length that the cipher cannot have written */
export function requireWhole(cipher: Cipher, iv: Bytes, ciphertext: Bytes): Encrypted {
  if (iv.length !== cipher.blockBytes) {
    throw new KeyFormatError(
      `its initialization vector has ${iv.length} bytes, expected ${cipher.blockBytes}`,
    )
  }
  if (ciphertext.length === 0 || ciphertext.length % cipher.blockBytes !== 0) {
    throw new KeyFormatError('its encrypted content is cut off')
  }
  return { cipher, iv, ciphertext }
}
