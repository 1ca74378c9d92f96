import type { X509Certificate } from 'node:crypto'
import type { Instant } from '@latchkey/core'
import {
  isCertificate,
  isPrivateKey,
  openCertificate,
  openPrivateKey,
  pemBlocks,
  type PemBlock,
} from '../shared/pem.ts'

/**
 * What keeps the web server from starting with a bundle.
 * `wrong-order`: not private key, leaf, intermediates. `broken-chain`: a certificate was not issued
 * by the CA certificate that follows it.
 */
export type BundleProblem =
  | 'wrong-order'
  | 'unreadable-key'
  | 'unreadable-certificate'
  | 'key-mismatch'
  | 'broken-chain'
  | 'outside-validity'

/** The whole of what an upload is looked at for: the leaf and at least one intermediate. */
const MIN_CERTIFICATES = 2

/** Whether the client takes the upload; it says nothing about whether the web server will start. */
export function isAcceptedBundle(pem: string): boolean {
  return pemBlocks(pem).filter(isCertificate).length >= MIN_CERTIFICATES
}

/** The CA certificates of a bundle: what follows the leaf. */
export function caCertificates(pem: string): string {
  const [, ...authorities] = pemBlocks(pem).filter(isCertificate)
  return authorities.map(({ text }) => `${text}\n`).join('')
}

/** Judges a bundle as the web server does when it starts; null where it serves it. */
export function findBundleProblem(
  pem: string,
  now: Instant,
  checkDates: boolean,
): BundleProblem | null {
  const [first, ...rest] = pemBlocks(pem)
  if (first === undefined || !isPrivateKey(first) || !rest.every(isCertificate))
    return 'wrong-order'
  const key = openPrivateKey(first.text)
  if (key === null) return 'unreadable-key'
  const certificates = openAll(rest)
  const leaf = certificates?.[0]
  if (certificates === null || leaf === undefined) return 'unreadable-certificate'
  if (!leaf.checkPrivateKey(key))
    return certificates.some((each) => each.checkPrivateKey(key)) ? 'wrong-order' : 'key-mismatch'
  if (!isChain(certificates)) return 'broken-chain'
  return checkDates && !certificates.every((each) => isValidAt(each, now))
    ? 'outside-validity'
    : null
}

function openAll(blocks: readonly PemBlock[]): readonly X509Certificate[] | null {
  const opened: X509Certificate[] = []
  for (const { text } of blocks) {
    const certificate = openCertificate(text)
    if (certificate === null) return null
    opened.push(certificate)
  }
  return opened
}

function isChain(certificates: readonly X509Certificate[]): boolean {
  return certificates.every((child, index) => {
    const parent = certificates[index + 1]
    return parent === undefined || isIssuedBy(child, parent)
  })
}

/** Runtimes throw for a key that they cannot read, and a web server does not start with it either. */
function isIssuedBy(child: X509Certificate, parent: X509Certificate): boolean {
  try {
    return parent.ca && child.checkIssued(parent) && child.verify(parent.publicKey)
  } catch {
    return false
  }
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Instant): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo)
}
