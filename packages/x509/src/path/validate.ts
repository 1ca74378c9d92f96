import type { Bytes } from '@latchkey/crypto'
import { type Crl, readCrl } from '../crl/read.ts'
import { error, type Finding, isError, type Remark, toFinding, warning } from '../findings.ts'
import { equalBytes } from '../read/bytes.ts'
import { type Certificate, readCertificate } from '../read/certificate.ts'
import { EncodingError } from '../read/encoding-error.ts'
import { type Encoded, toDer } from '../read/pem.ts'
import type { Role, Rules } from '../rules.ts'
import { type Attempt, findingsOf } from './attempt.ts'
import { createBudget, WorkExceeded } from './budget.ts'
import { buildPath } from './build.ts'
import { CHECKS } from './checks/all.ts'
import { checkIdentity, type Identity } from './checks/identity.ts'
import { judgePath } from './judge.ts'
import { createLinkCheck } from './link.ts'
import { judgePlace, type JudgedPlace } from './place.ts'

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

/** Every root there is, with room; each is read and judged, needed or not. */
const MAX_CERTIFICATES = 1_000

/** Longer than any path of the public or a company's own PKI. */
const DEFAULT_MAX_DEPTH = 10

/**
 * Finds and judges a path from the leaf to one of the anchors (RFC 5280 §6, with the profile's rules on top). What
 * cannot be read, checked or paid for is an error: only a path without any is valid. Pure: the time is handed in as
 * `at`, nothing is fetched.
 */
export async function validatePath(request: PathRequest): Promise<PathResult> {
  const given = request.intermediates.length + request.anchors.length
  if (given > MAX_CERTIFICATES)
    return exceeded([], `There are more than ${MAX_CERTIFICATES} certificates`)
  const read = readAll(request)
  const { leaf, findings } = read
  if (leaf === null) return { ok: false, findings }
  const leafFindings = [
    ...findings,
    ...findingsOf(leaf, leaf.remarks),
    ...findingsOf(leaf, checkIdentity(leaf.certificate, request)),
  ]
  const attempt = await build(request, { ...leaf, isSound: !leafFindings.some(isError) }, read)
  if (attempt instanceof WorkExceeded) return exceeded(leafFindings, attempt.message)
  const all = [...leafFindings, ...attempt.findings]
  if (!attempt.isValid || all.some(isError)) return { ok: false, findings: all }
  return { ok: true, path: attempt.path.map(({ certificate }) => certificate.der), warnings: all }
}

function exceeded(findings: readonly Finding[], message: string): PathResult {
  return { ok: false, findings: [...findings, toFinding(error('work_exceeded', message))] }
}

async function build(
  { maxDepth = DEFAULT_MAX_DEPTH }: PathRequest,
  leaf: JudgedPlace,
  { issuers, crls }: Read,
): Promise<Attempt | WorkExceeded> {
  const budget = createBudget()
  const checkLink = createLinkCheck(budget)
  const judge = (path: readonly JudgedPlace[]) => judgePath(path, crls, budget)
  try {
    return await buildPath({ issuers, maxDepth, budget, checkLink, judge }, leaf)
  } catch (cause) {
    if (cause instanceof WorkExceeded) return cause
    throw cause
  }
}

interface Read {
  /** Null where it cannot be read. */
  readonly leaf: JudgedPlace | null
  readonly issuers: readonly JudgedPlace[]
  readonly crls: readonly Crl[] | undefined
  readonly findings: readonly Finding[]
}

function readAll(request: PathRequest): Read {
  const findings: Finding[] = []
  const read = <T>(reader: () => T, remark: (message: string) => Finding): readonly T[] => {
    try {
      return [reader()]
    } catch (cause) {
      if (!(cause instanceof EncodingError)) throw cause
      findings.push(remark(cause.message))
      return []
    }
  }
  const place = (encoded: Encoded, role: Role) =>
    read(
      () => judgePlace(readCertificate(toDer(encoded, 'CERTIFICATE')), role, request, CHECKS),
      (message) => toFinding(unreadable(message, role), { role, subject: '' }),
    )
  const crl = (encoded: Encoded) =>
    read(
      () => readCrl(toDer(encoded, 'X509 CRL')),
      (message) => toFinding(warning('crl_malformed', `A CRL cannot be read: ${message}`)),
    )
  const [leaf = null] = place(request.leaf, 'leaf')
  const anchors = request.anchors.flatMap((each) => place(each, 'anchor'))
  const intermediates = request.intermediates.flatMap((each) => place(each, 'intermediate'))
  const others = intermediates.filter(({ certificate }) => !isAmong(certificate, anchors))
  return { leaf, issuers: [...anchors, ...others], crls: request.crls?.flatMap(crl), findings }
}

/** A path is not worse for what it does not need. */
function unreadable(message: string, role: Role): Remark {
  const text = `The certificate cannot be read: ${message}`
  return (role === 'leaf' ? error : warning)('certificate_malformed', text)
}

function isAmong({ der }: Certificate, places: readonly JudgedPlace[]): boolean {
  return places.some(({ certificate }) => equalBytes(certificate.der, der))
}
