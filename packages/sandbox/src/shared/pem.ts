import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'

export interface PemBlock {
  /** As `-----BEGIN` names it. */
  readonly label: string
  /** The block with its lines of dashes. */
  readonly text: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g

/** The PEM blocks of a text in their order; what stands between them is left out. */
export function pemBlocks(text: string): readonly PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([block, label = '']) => ({ label, text: block }))
}

export function isCertificate({ label }: PemBlock): boolean {
  return label === 'CERTIFICATE'
}

export function isPrivateKey({ label }: PemBlock): boolean {
  return label.endsWith('PRIVATE KEY')
}

/** Null for what node:crypto cannot open, as a key under a passphrase. */
export function openPrivateKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** A certificate in PEM or DER; null for what node:crypto cannot read. */
export function openCertificate(source: string | Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(source)
  } catch {
    return null
  }
}

/** `sha256:` and the lower-case hex of SHA-256 over the DER. */
export function fingerprintOf(certificate: X509Certificate): string {
  return `sha256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`
}
