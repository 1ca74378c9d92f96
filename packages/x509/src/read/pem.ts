import { type Bytes, EncodingError, fromBase64 } from '@latchkey/crypto'

/** A certificate or CRL in DER, or in PEM with nothing but one block (RFC 7468). */
export type Encoded = Bytes | string

/**
 * The DER. Text that is not quite PEM is mended elsewhere, before it comes here.
 * @throws EncodingError
 */
export function toDer(encoded: Encoded, label: 'CERTIFICATE' | 'X509 CRL'): Bytes {
  if (typeof encoded !== 'string') return encoded
  const begin = `-----BEGIN ${label}-----`
  const end = `-----END ${label}-----`
  const text = encoded.trim()
  if (!text.startsWith(begin) || !text.endsWith(end)) {
    throw new EncodingError(`text is not one PEM block of type ${label}`)
  }
  const body = text.slice(begin.length, -end.length).replaceAll(/\s/g, '')
  const der = fromBase64(body)
  if (der === null) throw new EncodingError('PEM block is not base64')
  return der
}
