import type { TlsTrust } from '@latchkey/core'
import { encodePem, isCertificate, readPemParts } from '@latchkey/crypto'
import * as z from 'zod'

/** A private network has an authority or two with their successors; each is 2 KiB of PEM or less. */
const CERTIFICATES_MAX = 10
const PEM_MAX = 32_768
/** SHA-256 as 32 pairs of hex digits, with colons between all of them or none. */
const HEX = /^[\da-f]{64}$|^[\da-f]{2}(?::[\da-f]{2}){31}$/
/** What stands before it: our own prefix, and that of `openssl x509 -fingerprint -sha256`. */
const PREFIX = /^(?:sha256:|sha256 fingerprint=)/
/** Longer than any spelling. */
const FINGERPRINT_MAX = 128

const caCertificates = z
  .string()
  .max(PEM_MAX)
  .transform((text, context) => {
    try {
      return canonicalPem(text)
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'Must be PEM')
      return z.NEVER
    }
  })
  .describe(
    `PEM of the CA certificates that alone are trusted, at most ${CERTIFICATES_MAX}; the certificate’s dates and names are checked as ever`,
  )

const pinnedFingerprint = z
  .string()
  .max(FINGERPRINT_MAX)
  .transform((text, context) => {
    const hex = text.trim().toLowerCase().replace(PREFIX, '')
    if (HEX.test(hex)) return `sha256:${hex.replaceAll(':', '')}`
    context.addIssue('Must be a SHA-256 fingerprint, as sha256: and 64 hex digits')
    return z.NEVER
  })
  .describe(
    'SHA-256 fingerprint of the one certificate that is trusted, as `openssl x509 -noout -fingerprint -sha256` prints it; its issuer, dates and names do not matter then',
  )

/** What a user's own host is trusted by. Where it is served from a runtime that cannot, the host policy says so. */
export const tlsField = z
  .union([z.strictObject({ caCertificates }), z.strictObject({ pinnedFingerprint })])
  .optional()
  .describe(
    'For a host whose certificate no public authority issued: either caCertificates or pinnedFingerprint. Not on Workers',
  )

/** The origin's part of it; nothing where it is not set. */
export function tlsTrust(tls: TlsTrust | undefined): { readonly tls?: TlsTrust } {
  return tls === undefined ? {} : { tls }
}

/** @throws Fault or Error with a text that repeats nothing of what was given */
function canonicalPem(text: string): string {
  const { parts, isPrivateAround } = readPemParts(text, CERTIFICATES_MAX)
  if (isPrivateAround || parts.some((part) => part.isPrivate)) {
    throw new Error('Must not hold a private key: only the certificate of the CA belongs here')
  }
  if (parts.length === 0) throw new Error('Must be PEM with at least one CERTIFICATE block')
  return parts
    .map(({ label, bytes }) => {
      if (label !== 'CERTIFICATE' || bytes === null || !isCertificate(bytes)) {
        throw new Error('Must be PEM of nothing but certificates')
      }
      return encodePem('CERTIFICATE', bytes)
    })
    .join('')
}
