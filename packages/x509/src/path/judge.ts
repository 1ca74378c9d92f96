import type { Crl } from '../crl/read.ts'
import { checkRevocation } from '../crl/status.ts'
import type { Finding } from '../findings.ts'
import { type Attempt, attemptOf, findingsOf } from './attempt.ts'
import type { Budget } from './budget.ts'
import { checkNames, constrainedNames } from './checks/name-constraints.ts'
import { checkPathLength } from './checks/path-length.ts'
import { checkPolicies } from './checks/policies.ts'
import type { JudgedPlace } from './place.ts'

/**
 * Judges what only a whole path, leaf first and anchor last, can be judged by. Revocation is asked for where there
 * are CRLs, if only an empty list of them.
 * @throws WorkExceeded
 */
export async function judgePath(
  path: readonly JudgedPlace[],
  crls: readonly Crl[] | undefined,
  budget: Budget,
): Promise<Attempt> {
  const findings: Finding[] = []
  path.forEach((place, index) => {
    const below = path.slice(0, index)
    if (place.role !== 'leaf') findings.push(...findingsOf(place, place.remarks))
    findings.push(...findingsOf(place, checkPathLength(place, below)))
    findings.push(...checkConstraints(place, below, budget))
  })
  findings.push(...checkPolicies(path))
  if (crls !== undefined) findings.push(...(await checkStatus(path, crls, budget)))
  return attemptOf(path, findings, true)
}

async function checkStatus(
  path: readonly JudgedPlace[],
  crls: readonly Crl[],
  budget: Budget,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [index, place] of path.entries()) {
    const issuer = path[index + 1]
    if (issuer === undefined) break
    findings.push(...findingsOf(place, await checkRevocation(crls, place, issuer, budget)))
  }
  return findings
}

/** RFC 5280 §6.1.3 (b), (c): whoever issued to itself is not constrained, unless it is the leaf. */
function checkConstraints(
  { certificate }: JudgedPlace,
  below: readonly JudgedPlace[],
  budget: Budget,
): readonly Finding[] {
  const constraints = certificate.extensions.nameConstraints
  if (constraints === undefined) return []
  return below
    .filter(({ role, isSelfIssued }) => role === 'leaf' || !isSelfIssued)
    .flatMap((place) => {
      const names = constrainedNames(place.certificate)
      return findingsOf(place, checkNames(names, constraints, budget))
    })
}
