import type { Bytes } from '../../bytes.ts'
import { toUtf8 } from '../../encoding.ts'
import { KeyFormatError } from '../../key-format-error.ts'
import type { PemHeaders } from '../../pem/headers.ts'
import { AES_128, AES_192, AES_256, type Cipher, DES, DES_EDE, DES_EDE3 } from './cipher.ts'
import { deriveBytesToKey } from './derivation.ts'
import { type Lock, requireWhole, unlock } from './lock.ts'
import { unsupportedTitle } from './titles.ts'

/** OpenSSL's names (PEM_read, "PEM encryption format"). */
const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['DES-CBC', DES],
  ['DES-EDE-CBC', DES_EDE],
  ['DES-EDE3-CBC', DES_EDE3],
  ['AES-128-CBC', AES_128],
  ['AES-192-CBC', AES_192],
  ['AES-256-CBC', AES_256],
])

/** What OpenSSL can write besides. */
const UNSUPPORTED =
  /^(?:(?:AES|ARIA|CAMELLIA)-(?:128|192|256)|(?:DES|BF|CAST5|IDEA|RC2|SEED|SM4)(?:-\w{2,4})?)-(?:CBC|CFB\d?|OFB)$/

/** The first octets of the initialization vector are the salt too (PKCS5_SALT_LEN). */
const SALT_BYTES = 8

/**
 * Reads the headers that OpenSSL writes on a key in its own encryption, which goes back to RFC 1421; null where
 * they tell of none.
 * @throws KeyFormatError
 */
export function readLegacyEncryption(headers: PemHeaders, ciphertext: Bytes): Lock | null {
  const encrypted = /\bENCRYPTED\b/i.test(headers.get('proc-type') ?? '')
  const info = headers.get('dek-info')
  if (info === undefined) {
    if (!encrypted) return null
    throw new KeyFormatError('it is encrypted, but its DEK-Info line is missing')
  }
  const [name = '', hex = ''] = info.split(',').map((part) => part.trim().toUpperCase())
  const cipher = CIPHERS.get(name)
  if (cipher === undefined) {
    throw unsupportedTitle('encryption', UNSUPPORTED.test(name) ? name : undefined)
  }
  const whole = requireWhole(cipher, readHex(hex), ciphertext)
  const salt = whole.iv.subarray(0, SALT_BYTES)
  return async (passphrase) =>
    unlock(whole, deriveBytesToKey(toUtf8(passphrase), salt, cipher.keyBytes))
}

function readHex(hex: string): Bytes {
  if (!/^(?:[\dA-F]{2})*$/.test(hex)) {
    throw new KeyFormatError('the initialization vector of its DEK-Info line is not hex')
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
