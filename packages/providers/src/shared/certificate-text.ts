import { isFault } from '@latchkey/core'
import { encodePem, isCertificate, type PemParts, readPemParts } from '@latchkey/crypto'

/** As many as a whole trust store has, several times over. */
const CERTIFICATES_MAX = 400
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----([^]*?)(?:-----END|$)/g
/** Shorter ones tell nothing of a key, and could be a word or a number of the upstream's own. */
const KEY_LINE_MIN = 16

/**
 * The certificates of a text that an upstream holds, as canonical PEM in their order. All else is dropped, a private
 * key above all. Null where there is no certificate, or no end to them.
 */
export function certificatesIn(text: string): string | null {
  const certificates = partsOf(text).flatMap(({ isPrivate, bytes }) =>
    isPrivate || bytes === null || !isCertificate(bytes) ? [] : [encodePem('CERTIFICATE', bytes)],
  )
  return certificates.length === 0 ? null : certificates.join('')
}

function partsOf(text: string): PemParts['parts'] {
  try {
    return readPemParts(text, CERTIFICATES_MAX).parts
  } catch (error) {
    if (isFault(error)) return []
    throw error
  }
}

/** The lines of the private keys in a canonical PEM, which an upstream may repeat line by line or as one. */
export function privateLines(pem: string): readonly string[] {
  return [...pem.matchAll(PRIVATE_KEY)]
    .flatMap(([, body = '']) => body.split(/\s+/))
    .filter((line) => line.length >= KEY_LINE_MIN)
}
