import type { Instant } from '@latchkey/core'
import { type Key, readKeyOrNull } from '../key/key.ts'
import { canonicalName, isSelfIssued } from '../names/canonical.ts'
import { namesOtherKey } from '../path/checks/key-identifiers.ts'
import type { Certificate } from '../read/certificate.ts'
import { isSignedBy, signatureSchemeOf } from '../signature/signed.ts'

/** Whether one certificate issued another; `unverified` where the signature's algorithm is not supported. */
export type Issued = 'yes' | 'no' | 'forged' | 'unverified'

export async function issuedBy(child: Certificate, issuer: Certificate): Promise<Issued> {
  if (canonicalName(child.issuer) !== canonicalName(issuer.subject)) return 'no'
  const key: Key | null = readKeyOrNull(issuer.spki)
  if (await isSignedBy(child, key)) return 'yes'
  const isUnverifiable = signatureSchemeOf(child) === null || key === null || key.kind === 'other'
  if (isUnverifiable) return namesOtherKey(child, issuer) ? 'no' : 'unverified'
  return 'forged'
}

export async function isRoot(certificate: Certificate): Promise<boolean> {
  if (!isSelfIssued(certificate)) return false
  const issued = await issuedBy(certificate, certificate)
  return issued === 'yes' || issued === 'unverified'
}

/** A root that was damaged still verifies what it issued, but is nothing to send. */
async function isBrokenRoot(certificate: Certificate): Promise<boolean> {
  if (!isSelfIssued(certificate) || namesOtherKey(certificate, certificate)) return false
  return (await issuedBy(certificate, certificate)) === 'forged'
}

export function isValidAt({ notBefore, notAfter }: Certificate, at: Instant): boolean {
  return at >= notBefore.instant && at <= notAfter.instant
}

/** Certificates as they issue each other, the leaf first. */
export interface Chain {
  readonly certificates: readonly Certificate[]
  /** Whether the last one is a root. */
  readonly endsAtRoot: boolean
  /** Has the name of the issuer of the last one, but did not sign it. */
  readonly impostor: Certificate | null
}

/**
 * Follows the issuers from a leaf. Of several issuers with one name and key, as cross-signing and renewal make, the one
 * that is valid is taken, and a root before another, for there the chain ends.
 */
export async function buildChain(
  leaf: Certificate,
  pool: readonly Certificate[],
  at: Instant,
): Promise<Chain> {
  const certificates = [leaf]
  for (let last = leaf; ;) {
    if (await isRoot(last)) return { certificates, endsAtRoot: true, impostor: null }
    const { issuer, impostor } = await findIssuer(last, pool, certificates, at)
    if (issuer === null) return { certificates, endsAtRoot: false, impostor }
    certificates.push(issuer)
    last = issuer
  }
}

async function findIssuer(
  child: Certificate,
  pool: readonly Certificate[],
  taken: readonly Certificate[],
  at: Instant,
): Promise<{ issuer: Certificate | null; impostor: Certificate | null }> {
  let impostor: Certificate | null = null
  const found: { issuer: Certificate; rank: number }[] = []
  for (const issuer of pool) {
    if (taken.includes(issuer) || (await isBrokenRoot(issuer))) continue
    const issued = await issuedBy(child, issuer)
    if (issued === 'forged') impostor = issuer
    if (issued !== 'yes' && issued !== 'unverified') continue
    const rank = [
      isValidAt(issuer, at),
      issued === 'yes',
      !namesOtherKey(child, issuer),
      await isRoot(issuer),
    ]
    found.push({ issuer, rank: rank.reduce((sum, good) => sum * 2 + (good ? 1 : 0), 0) })
  }
  const [best] = found.toSorted(
    (a, b) => b.rank - a.rank || b.issuer.notAfter.instant - a.issuer.notAfter.instant,
  )
  return { issuer: best?.issuer ?? null, impostor: best === undefined ? impostor : null }
}
