import { type Finding, isError, type Remark, toFinding } from '../findings.ts'
import { nameText } from '../names/text.ts'
import type { JudgedPlace, Place } from './place.ts'

/** How far one way to build a path came. */
export interface Attempt {
  /** The leaf first. */
  readonly path: readonly JudgedPlace[]
  /** Whether the path ends at an anchor. */
  readonly isComplete: boolean
  /** About everything in it but the leaf alone. */
  readonly findings: readonly Finding[]
  readonly isValid: boolean
}

export function attemptOf(
  path: readonly JudgedPlace[],
  findings: readonly Finding[],
  isComplete: boolean,
): Attempt {
  const isValid = isComplete && !findings.some(isError) && path.every(({ isSound }) => isSound)
  return { path, findings, isComplete, isValid }
}

/** The one that tells more: what came further, and of these what is wrong in fewer ways. */
export function betterOf(a: Attempt, b: Attempt): Attempt {
  if (a.isComplete !== b.isComplete) return a.isComplete ? a : b
  if (a.path.length !== b.path.length) return a.path.length > b.path.length ? a : b
  return a.findings.filter(isError).length <= b.findings.filter(isError).length ? a : b
}

/** A certificate with thousands of names can break a rule thousands of times. */
const MAX_OF_A_CODE = 5

/** A name that is longer than this says no more to anybody. */
const MAX_SUBJECT = 256

/** Remarks with the certificate that they are about, of each code the first few. */
export function findingsOf(
  { certificate, role }: Place,
  remarks: Iterable<Remark>,
): readonly Finding[] {
  const about = { role, subject: nameText(certificate.subject).slice(0, MAX_SUBJECT) }
  const counts = new Map<string, number>()
  const findings: Finding[] = []
  for (const remark of remarks) {
    // A warning is never told instead of an error.
    const kind = `${remark.code} ${remark.severity}`
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    if (count < MAX_OF_A_CODE) findings.push(toFinding(remark, about))
  }
  return findings
}
