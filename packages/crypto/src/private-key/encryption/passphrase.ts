import type { Bytes } from '../../bytes.ts'
import { toUtf8 } from '../../encoding.ts'
import { KeyFormatError } from '../../key-format-error.ts'

/** Octets; OpenSSL takes no more from its terminal or a file (PEM_BUFSIZE). */
const MAX_PASSPHRASE_BYTES = 1024

export const WRONG_PASSPHRASE =
  'the passphrase does not open it, or its encrypted content is damaged'

/**
 * The passphrase, if one is there that UTF-8 can say.
 * @throws KeyFormatError
 */
export function requirePassphrase(passphrase: string | undefined): string {
  if (passphrase === undefined) {
    throw new KeyFormatError('it is encrypted, and no passphrase was given')
  }
  if (!passphrase.isWellFormed()) throw new KeyFormatError('the passphrase is not valid Unicode')
  if (toUtf8(passphrase).length > MAX_PASSPHRASE_BYTES) {
    throw new KeyFormatError(`the passphrase is longer than ${MAX_PASSPHRASE_BYTES} bytes`)
  }
  return passphrase
}

/** The passphrase as PKCS#12 takes it: a BMPString in big-endian order with a final zero (RFC 7292 §B.1). */
export function toBmpString(passphrase: string): Bytes {
  const units = Array.from({ length: passphrase.length }, (_, at) => passphrase.charCodeAt(at))
  return Uint8Array.from([...units, 0].flatMap((unit) => [unit >> 8, unit & 0xff]))
}
