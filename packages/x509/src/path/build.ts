import { error, isError } from '../findings.ts'
import { equalBytes } from '../read/bytes.ts'
import { type Attempt, attemptOf, betterOf, findingsOf } from './attempt.ts'
import type { Budget } from './budget.ts'
import { namesOtherKey } from './checks/key-identifiers.ts'
import { countIntermediates } from './checks/path-length.ts'
import type { LinkCheck } from './link.ts'
import type { JudgedPlace } from './place.ts'
import type { Pool } from './pool.ts'

/** Self-issued certificates do not count towards the depth, so there has to be an end to them too. */
const MAX_CERTIFICATES = 32

export interface Search {
  readonly pool: Pool
  /** Most intermediates that are not self-issued. */
  readonly maxDepth: number
  readonly budget: Budget
  readonly checkLink: LinkCheck
  /** Judges a path that ends at an anchor. */
  judge(path: readonly JudgedPlace[]): Promise<Attempt>
}

/**
 * Looks for a path from the leaf to an anchor, depth first, likely issuers first; a way that fails is left for the
 * next one (RFC 4158 §2). Returns the first valid attempt, else the one that tells the most.
 * @throws WorkExceeded
 */
export function buildPath(search: Search, leaf: JudgedPlace): Promise<Attempt> {
  return extend(search, [leaf], leaf)
}

async function extend(
  search: Search,
  path: readonly JudgedPlace[],
  last: JudgedPlace,
): Promise<Attempt> {
  let best: Attempt | null = null
  for (const issuer of candidates(search, path, last)) {
    const attempt = await tryIssuer(search, path, last, issuer)
    if (attempt.isValid) return attempt
    best = best === null ? attempt : betterOf(best, attempt)
    // A leaf that is unsound stays so on every other path.
    if (best.isComplete && path[0]?.isSound === false) return best
  }
  return best ?? attemptOf(path, findingsOf(last, [notFound(search, last)]), false)
}

async function tryIssuer(
  search: Search,
  path: readonly JudgedPlace[],
  last: JudgedPlace,
  issuer: JudgedPlace,
): Promise<Attempt> {
  search.budget.spend('candidates')
  const link = findingsOf(last, await search.checkLink(last, issuer))
  if (link.some(isError)) return attemptOf(path, link, false)
  const next = [...path, issuer]
  if (!issuer.isSound) return attemptOf(next, findingsOf(issuer, issuer.remarks), false)
  if (countIntermediates(next) > search.maxDepth || next.length > MAX_CERTIFICATES) {
    const message = `The path has more than ${search.maxDepth} intermediates or ${MAX_CERTIFICATES} certificates`
    return attemptOf(path, findingsOf(last, [error('path_too_long', message)]), false)
  }
  const attempt = await (issuer.role === 'anchor'
    ? search.judge(next)
    : extend(search, next, issuer))
  return { ...attempt, findings: [...link, ...attempt.findings] }
}

function candidates(
  search: Search,
  path: readonly JudgedPlace[],
  last: JudgedPlace,
): readonly JudgedPlace[] {
  return search.pool
    .named(last.issuer)
    .filter((issuer) => !isRepeated(path, issuer))
    .toSorted((a, b) => rank(last, a) - rank(last, b))
}

/** The same name with the same key again leads nowhere that the first one did not (RFC 4158 §2.4.1). */
function isRepeated(path: readonly JudgedPlace[], issuer: JudgedPlace): boolean {
  return path.some(
    (place) =>
      // A leaf may be its own anchor.
      !(place.role === 'leaf' && issuer.role === 'anchor') &&
      place.subject === issuer.subject &&
      equalBytes(place.certificate.spki, issuer.certificate.spki),
  )
}

/** RFC 4158 §3.5: what decides the order is cheap to see and likely to be right; each weighs more than all below it. */
function rank(child: JudgedPlace, issuer: JudgedPlace): number {
  return (
    (issuer.isSound ? 0 : 4) +
    (namesOtherKey(child.certificate, issuer.certificate) ? 2 : 0) +
    (issuer.role === 'anchor' ? 0 : 1)
  )
}

function notFound(search: Search, last: JudgedPlace) {
  return search.pool.named(last.issuer).length > 0
    ? error('no_trust_anchor', 'The path does not lead to a trust anchor')
    : error('issuer_not_found', 'The certificate of the issuer is missing')
}
