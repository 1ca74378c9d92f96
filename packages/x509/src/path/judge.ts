import type { Finding } from '../findings.ts'
import { type Attempt, attemptOf, findingsOf } from './attempt.ts'
import type { Budget } from './budget.ts'
import { checkNames, constrainedNames } from './checks/name-constraints.ts'
import { checkPathLength } from './checks/path-length.ts'
import type { JudgedPlace } from './place.ts'

/** Judges what only a whole path, leaf first and anchor last, can be judged by. @throws WorkExceeded */
export function judgePath(path: readonly JudgedPlace[], budget: Budget): Attempt {
  const findings: Finding[] = []
  path.forEach((place, index) => {
    const below = path.slice(0, index)
    if (place.role !== 'leaf') findings.push(...findingsOf(place, place.remarks))
    findings.push(...findingsOf(place, checkPathLength(place, below)))
    findings.push(...checkConstraints(place, below, budget))
  })
  return attemptOf(path, findings, true)
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
