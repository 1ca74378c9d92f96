import { nameText } from '../names/text.ts'
import { createBudget, WorkExceeded } from '../path/budget.ts'
import { judgePath } from '../path/judge.ts'
import { type JudgedPlace, judgePlace } from '../path/place.ts'
import { equalBytes } from '../read/bytes.ts'
import type { Certificate } from '../read/certificate.ts'
import type { Instant } from '@latchkey/core'
import { type Chain, isRoot, isValidAt, issuedBy } from './chain.ts'
import { note, type Note } from './findings.ts'
import { noteOf } from './judge.ts'
import { readBundleText } from './read.ts'

/** Every root there is, with room. */
const MAX_ROOTS = 400
const MAX_ROOTS_TEXT = 2_097_152

/** Whether the chain leads to somebody who is trusted; without roots nobody can know. */
export async function judgeTrust(
  { certificates, endsAtRoot }: Chain,
  roots: string | undefined,
  at: Instant,
): Promise<readonly Note[]> {
  const last = certificates.at(-1)
  if (last === undefined) return []
  if (roots === undefined) {
    const issuer = nameText(endsAtRoot ? last.subject : last.issuer)
    const message = `Whether ${issuer} is trusted is not known; hand in roots to have it checked`
    return [
      ...(await judgeChain(certificates, at)),
      note('warning', 'trust_anchor_unknown', message),
    ]
  }
  const read = readBundleText(roots, MAX_ROOTS, MAX_ROOTS_TEXT)
  if (read.certificates.length === 0) {
    const message = 'The roots hold no certificate that can be read; send them as PEM'
    return [note('error', 'roots_unreadable', message)]
  }
  const anchor = await findAnchor(certificates, read.certificates, at)
  if (anchor === null) {
    const message = `The chain ends at ${nameText(last.issuer)}, which is not among the roots; add what lies between`
    return [note('error', 'trust_anchor_unknown', message, last)]
  }
  return judgeChain(anchor, at)
}

/** The chain as far as it is needed, with its anchor; null where it reaches none. */
async function findAnchor(
  chain: readonly Certificate[],
  roots: readonly Certificate[],
  at: Instant,
): Promise<readonly Certificate[] | null> {
  const valid = roots.filter((root) => isValidAt(root, at))
  for (const [index, certificate] of chain.entries()) {
    const upTo = chain.slice(0, index + 1)
    if (valid.some(({ der }) => equalBytes(der, certificate.der))) return upTo
    for (const root of valid) {
      if ((await issuedBy(certificate, root)) === 'yes') return [...upTo, root]
    }
  }
  return null
}

/** What only a whole path can be judged by: path lengths and constraints on names. */
async function judgeChain(chain: readonly Certificate[], at: Instant): Promise<readonly Note[]> {
  const rules = { profile: 'rfc5280', purpose: 'any', at } as const
  const places: JudgedPlace[] = []
  for (const [index, certificate] of chain.entries()) {
    const isAnchor = index > 0 && index === chain.length - 1 && (await isRoot(certificate))
    const above = isAnchor ? 'anchor' : 'intermediate'
    // Each on its own was judged before.
    places.push(judgePlace(certificate, index === 0 ? 'leaf' : above, rules, []))
  }
  try {
    const { findings } = await judgePath(places, undefined, createBudget())
    return findings.map((finding) => {
      const about = chain.find(({ subject }) => nameText(subject) === finding.certificate?.subject)
      return noteOf(finding, about)
    })
  } catch (cause) {
    if (!(cause instanceof WorkExceeded)) throw cause
    return [note('error', 'work_exceeded', `${cause.message}; send a smaller chain`)]
  }
}
