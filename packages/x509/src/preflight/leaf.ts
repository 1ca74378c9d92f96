import type { Instant } from '@latchkey/core'
import type { PrivateKeyMaterial } from '@latchkey/crypto/private-key'
import { canonicalName, isSelfIssued } from '../names/canonical.ts'
import { equalBytes } from '../read/bytes.ts'
import type { Certificate } from '../read/certificate.ts'
import { isValidAt } from './chain.ts'

/**
 * Which certificate is the server's: that of the private key, else the first that issued none of the others. One key
 * may have several after renewals: then the valid one, of these one whose issuer is there, then the one that is valid
 * longest. Several keys may each have their own.
 */
export function findLeaf(
  certificates: readonly Certificate[],
  keys: readonly PrivateKeyMaterial[],
  at: Instant,
): Certificate | undefined {
  const keyed = certificates.filter(({ spki }) => keys.some((key) => equalBytes(key.spki, spki)))
  if (keyed.length > 0) return keyed.toSorted(byUse(certificates, at))[0]
  const candidates = certificates.filter((each) => !isIssuer(each, certificates))
  return candidates.find((each) => !isAuthority(each)) ?? candidates[0] ?? certificates[0]
}

export function isAuthority({ extensions }: Certificate): boolean {
  return extensions.basicConstraints?.ca === true
}

function isIssuer(certificate: Certificate, all: readonly Certificate[]): boolean {
  const name = canonicalName(certificate.subject)
  return all.some(
    (other) =>
      other !== certificate && !isSelfIssued(other) && canonicalName(other.issuer) === name,
  )
}

/** Roots do not count: they are left out, and what they issue by themselves is seldom a server's. */
function hasIntermediate({ issuer }: Certificate, all: readonly Certificate[]): boolean {
  const name = canonicalName(issuer)
  return all.some((other) => !isSelfIssued(other) && canonicalName(other.subject) === name)
}

function byUse(all: readonly Certificate[], at: Instant) {
  return (a: Certificate, b: Certificate): number =>
    Number(isValidAt(b, at)) - Number(isValidAt(a, at)) ||
    Number(isAuthority(a)) - Number(isAuthority(b)) ||
    Number(hasIntermediate(b, all)) - Number(hasIntermediate(a, all)) ||
    b.notAfter.instant - a.notAfter.instant
}
