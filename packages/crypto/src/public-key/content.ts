import type { Bytes } from '../bytes.ts'
import { type DerElement, readElements, readOnly, TAG } from '../der/element.ts'
import { membersOf } from '../der/values.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { spkiOfCertificate } from './certificate.ts'
import { readPkcs1, readSpki, type RsaNumbers } from './rsa.ts'

export type ContentKind = 'spki' | 'pkcs1' | 'certificate'

/** The labels of what a public key is read from (RFC 7468 §5 and §13; OpenSSL's PEM_read). */
export const LABELS: ReadonlyMap<string, ContentKind> = new Map([
  ['PUBLICKEY', 'spki'],
  ['RSAPUBLICKEY', 'pkcs1'],
  ['CERTIFICATE', 'certificate'],
  ['X509CERTIFICATE', 'certificate'],
  ['TRUSTEDCERTIFICATE', 'certificate'],
])

/** OpenSSL appends its own trust settings to the certificate under this label. */
const TRUSTED = 'TRUSTEDCERTIFICATE'

export interface Content extends RsaNumbers {
  readonly kind: ContentKind
}

/**
 * Reads the RSA key out of DER. What it is, is told by its structure: labels are often wrong.
 * @throws KeyFormatError
 */
export function readContent(der: Bytes, label: string | null): Content {
  const root = label === TRUSTED ? withoutTrust(der) : readOnly(der)
  const kind = kindOf(root)
  if (kind === 'spki') return { kind, ...readSpki(root) }
  if (kind === 'pkcs1') return { kind, ...readPkcs1(root) }
  return { kind, ...readSpki(spkiOfCertificate(root)) }
}

function kindOf(root: DerElement): ContentKind {
  const shape = membersOf(root, 'key').map((member) => member.tag)
  const is = (...tags: readonly number[]) => shape.join() === tags.join()
  if (shape[0] === TAG.integer) return 'pkcs1'
  if (is(TAG.sequence, TAG.bitString)) return 'spki'
  if (is(TAG.sequence, TAG.sequence, TAG.bitString)) return 'certificate'
  throw new KeyFormatError('it is neither SubjectPublicKeyInfo, RSAPublicKey nor a certificate')
}

function withoutTrust(der: Bytes): DerElement {
  const [certificate, trust, ...more] = readElements(der)
  const known = trust === undefined || trust.tag === TAG.sequence
  if (certificate === undefined || !known || more.length > 0) {
    throw new KeyFormatError('its trusted certificate is not one certificate with its trust')
  }
  return certificate
}
