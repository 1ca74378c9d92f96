import { Fault, type PublicKey, type Warning } from '@latchkey/core'
import { EncodingError } from '../der/encoding-error.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { repairWarnings } from '../pem/repairs.ts'
import { normaliseText } from '../pem/text.ts'
import { encodePem } from '../pem/write.ts'
import { MAX_KEY_TEXT } from '../public-key/import.ts'
import { MODULUS_BITS } from '../public-key/soundness.ts'
import { fingerprintOf } from '../public-key/spki.ts'
import { openContainer } from './open.ts'
import { findPrivateKey } from './text.ts'
import type { KeyHalves } from './material.ts'
import { readHalves } from './read.ts'

/** A private key as it is kept, with what may be told of it. */
export interface PrivateKeyMaterial extends KeyHalves {
  /** Where the key is RSA of 2048 bits: its public half as it is published. */
  readonly publicKey: PublicKey | null
  readonly repairs: readonly Warning[]
}

/**
 * Reads the one private key of a text: RSA of 1024 to 8192 bits, P-256, P-384, P-521 or Ed25519, in PKCS#8, PKCS#1
 * or SEC 1, as PEM or bare base64, plain or encrypted with PBES2 (PBKDF2 or scrypt, AES or DES in CBC mode), PBES1
 * (DES, triple DES of PKCS#12) or in OpenSSL's legacy way. Runtimes are asked for primitives alone, so all read
 * the same. The key is proved, so that damage is refused, though it decrypts; of Ed25519, whose every seed is a key,
 * there is nothing to prove.
 * @throws Fault key_invalid, whose message tells a missing or wrong passphrase, a scheme that is not supported and
 * damage apart, and quotes nothing of the text
 */
export async function importPrivateKey(
  text: string,
  { passphrase }: { readonly passphrase?: string } = {},
): Promise<PrivateKeyMaterial> {
  try {
    return await readMaterial(text, passphrase)
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error
    throw new Fault('key_invalid', `Cannot import private key: ${error.message}`)
  }
}

async function readMaterial(
  submitted: string,
  passphrase: string | undefined,
): Promise<PrivateKeyMaterial> {
  if (submitted.length > MAX_KEY_TEXT) {
    throw new KeyFormatError(`the text is longer than ${MAX_KEY_TEXT} characters`)
  }
  const { text, repairs } = normaliseText(submitted)
  const found = findPrivateKey(text)
  const opened = await openContainer(found, passphrase)
  try {
    const read = await readHalves(opened.container)
    const codes = [...repairs, ...found.repairs, ...opened.repairs, ...read.repairs]
    return {
      ...read.halves,
      publicKey: await publicKeyOf(read.halves),
      repairs: repairWarnings(new Set(codes)),
    }
  } finally {
    // What is kept of it was copied.
    opened.bytes.fill(0)
  }
}

async function publicKeyOf({ algorithm, spki }: KeyHalves): Promise<PublicKey | null> {
  if (algorithm.type !== 'RSA' || algorithm.modulusBits !== MODULUS_BITS) return null
  return { pem: encodePem('PUBLIC KEY', spki), fingerprint: await fingerprintOf(spki) }
}
