import type { Bytes } from '../bytes.ts'
import { fromBase64 } from '../encoding.ts'

/**
 * Words of private keys, letters alone: PEM of every kind, `openssl -text`, PuTTY's files. Certificates of
 * companies called "Private Limited" have none of them.
 */
const WORDS = /PRIVATEKEY(?!USAGEPERIOD)|BEGIN[A-Z]{0,16}PRIVATE|PRIVATEEXPONENT|PRIVATELINES/

/** `openssh-key-v1`, as base64. */
const OPENSSH = 'b3BlbnNzaC1rZXkt'

/** A private JWK (RFC 7518 §6.3.2) and .NET's XML both call the private exponent d. */
const NAMED_EXPONENT = /["']d["']\s*:|<D>/

/** 1.2.840.113549.1.5 and 1.2.840.113549.1.12 as the octets of an OBJECT IDENTIFIER of any length. */
const PASSWORD_BASED = /^6\.\d+\.42\.134\.72\.134\.247\.13\.1\.(?:5|12)$/

/** Base64 characters that tell what DER begins with: 24 bytes. */
const PREFIX_LENGTH = 32

/** A run of base64 whose first byte is 0x30, a SEQUENCE. */
const SEQUENCE_START = /(?<![A-Za-z\d+/])M[A-P]/g

/**
 * Whether a text holds, or may hold, a private key: also a mangled, cut-off or mislabelled one. It would
 * rather say so once too often. Takes time linear in the text.
 */
export function looksPrivate(text: string): boolean {
  const letters = text.replaceAll(/[^A-Za-z]+/g, '').toUpperCase()
  if (WORDS.test(letters) || NAMED_EXPONENT.test(text)) return true
  if (text.replaceAll(/\s+/g, '').includes(OPENSSH)) return true
  return text.matchAll(SEQUENCE_START).some((match) => {
    const prefix = base64Prefix(text, match.index)
    return prefix !== null && beginsPrivate(prefix)
  })
}

/** The first bytes of the base64 that begins here, whitespace left out. */
function base64Prefix(text: string, start: number): Bytes | null {
  // Twice as far as needed, for line breaks: no further, or many short runs would cost quadratic time.
  const near = text.slice(start, start + 2 * PREFIX_LENGTH).replaceAll(/\s+/g, '')
  const [run = ''] = /^[A-Za-z\d+/]+/.exec(near) ?? []
  return fromBase64(run.slice(0, Math.min(PREFIX_LENGTH, run.length - (run.length % 4))))
}

/**
 * PKCS#8, PKCS#1, SEC1, DSA and PKCS#12 all begin with a SEQUENCE whose first member is a version of one
 * octet; encrypted PKCS#8 with an algorithm of PKCS#5 or PKCS#12. No public key does. Lengths are not looked
 * at: a cut-off or badly encoded key is a private key all the same.
 */
function beginsPrivate(der: Bytes): boolean {
  const outer = contentStart(der, 0)
  if (outer === null) return false
  const [tag, length, version = 255, next = 0] = der.subarray(outer)
  if (tag === 0x02 && length === 1) return version <= 3 && [0x02, 0x04, 0x30].includes(next)
  const inner = contentStart(der, outer)
  if (inner === null) return false
  const oid = Array.from(der.subarray(inner, inner + 10)).join('.')
  return PASSWORD_BASED.test(oid)
}

/** Where the content of the SEQUENCE at this place begins; null where there is none. */
function contentStart(der: Bytes, at: number): number | null {
  const form = der[at + 1]
  if (der[at] !== 0x30 || form === undefined) return null
  const octets = form < 0x80 ? 0 : form & 0x7f
  return octets > 4 ? null : at + 2 + octets
}
