import { EncodingError } from './der/encoding-error.ts'

/**
 * Why a text or its bytes are not the key or certificate that was asked for, as the end of a sentence that
 * the caller begins: `modulus is 1024 bits, expected 2048`. The message quotes nothing of the input.
 */
export class KeyFormatError extends EncodingError {
  override readonly name = 'KeyFormatError'
}
