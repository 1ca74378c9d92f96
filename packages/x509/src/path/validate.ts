import { type Bytes, EncodingError } from '@latchkey/crypto'
import { type Crl, readCrl } from '../crl/read.ts'
import { error, type Finding, isError, toFinding, warning } from '../findings.ts'
import { readCertificate } from '../read/certificate.ts'
import { type Encoded, toDer } from '../read/pem.ts'
import type { Rules } from '../rules.ts'
import { type Attempt, findingsOf } from './attempt.ts'
import { createBudget, WorkExceeded } from './budget.ts'
import { buildPath, type Search } from './build.ts'
import { CHECKS } from './checks/all.ts'
import { checkIdentity, type Identity } from './checks/identity.ts'
import { judgePath } from './judge.ts'
import { createLinkCheck } from './link.ts'
import { judgePlace, type JudgedPlace } from './place.ts'
import { createPool, unreadable } from './pool.ts'

export interface PathRequest extends Rules, Identity {
  readonly leaf: Encoded
  /** In any order, and with any that are of no use. */
  readonly intermediates: readonly Encoded[]
  readonly anchors: readonly Encoded[]
  /** Most intermediates that are not self-issued; 10 where left out. */
  readonly maxDepth?: number
  /** Where given, even if empty, the leaf's status has to be known from them. */
  readonly crls?: readonly Encoded[]
}

export type PathResult =
  | {
      readonly ok: true
      /** DER, the leaf first, the anchor last. */
      readonly path: readonly Bytes[]
      readonly warnings: readonly Finding[]
    }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** Every root there is, with room; the name of each is read, needed or not. */
const MAX_CERTIFICATES = 1_000

/** Longer than any path of the public or a company's own PKI. */
const DEFAULT_MAX_DEPTH = 10

/**
 * Finds and judges a path from the leaf to one of the anchors (RFC 5280 §6, with the profile's rules on top). What
 * cannot be read, checked or paid for is an error: only a path without any is valid. Pure: the time is handed in as
 * `at`, nothing is fetched.
 */
export async function validatePath(request: PathRequest): Promise<PathResult> {
  const count = request.intermediates.length + request.anchors.length
  if (count > MAX_CERTIFICATES)
    return exceeded([], `There are more than ${MAX_CERTIFICATES} certificates`)
  const leaf = readLeaf(request)
  if ('code' in leaf) return { ok: false, findings: [leaf] }
  const budget = createBudget()
  const pool = createPool(request, request, budget)
  const { crls, findings } = readCrls(request.crls)
  const leafFindings = [
    ...findings,
    ...findingsOf(leaf, leaf.remarks),
    ...findingsOf(leaf, checkIdentity(leaf.certificate, request)),
  ]
  const judge = (path: readonly JudgedPlace[]) => judgePath(path, crls, budget)
  const { maxDepth = DEFAULT_MAX_DEPTH } = request
  const search = { pool, maxDepth, budget, checkLink: createLinkCheck(budget), judge }
  const attempt = await build(search, { ...leaf, isSound: !leafFindings.some(isError) })
  const known = [...pool.findings, ...leafFindings]
  if (attempt instanceof WorkExceeded) return exceeded(known, attempt.message)
  const all = [...known, ...attempt.findings]
  if (!attempt.isValid || all.some(isError)) return { ok: false, findings: all }
  return { ok: true, path: attempt.path.map(({ certificate }) => certificate.der), warnings: all }
}

function exceeded(findings: readonly Finding[], message: string): PathResult {
  return { ok: false, findings: [...findings, toFinding(error('work_exceeded', message))] }
}

async function build(search: Search, leaf: JudgedPlace): Promise<Attempt | WorkExceeded> {
  try {
    return await buildPath(search, leaf)
  } catch (cause) {
    if (cause instanceof WorkExceeded) return cause
    throw cause
  }
}

function readLeaf(request: PathRequest): JudgedPlace | Finding {
  try {
    const certificate = readCertificate(toDer(request.leaf, 'CERTIFICATE'))
    return judgePlace(certificate, 'leaf', request, CHECKS)
  } catch (cause) {
    if (cause instanceof EncodingError) return unreadable(cause, 'leaf')
    throw cause
  }
}

function readCrls(encoded: readonly Encoded[] | undefined): {
  readonly crls: readonly Crl[] | undefined
  readonly findings: readonly Finding[]
} {
  const findings: Finding[] = []
  const crls = encoded?.flatMap((each) => {
    try {
      return [readCrl(toDer(each, 'X509 CRL'))]
    } catch (cause) {
      if (!(cause instanceof EncodingError)) throw cause
      const message = `A CRL cannot be read: ${cause.message}`
      findings.push(toFinding(warning('crl_malformed', message)))
      return []
    }
  })
  return { crls, findings }
}
