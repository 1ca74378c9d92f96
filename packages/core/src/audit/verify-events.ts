import { toTimestamp } from '../instant.ts'
import type { ChainHead } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'
import { DEPLOYMENT_KEY, type DeploymentState } from './deployment.ts'

const PAGE = 500
/** More broken chains than this say nothing more. */
const BROKEN_MAX = 100

export interface VerifiedAnchor {
  readonly at: string
  readonly subjects: number
  readonly digest: string
  readonly jws: string
  /** The signature holds, and the chains still contain every head that was signed. */
  readonly valid: boolean
}

export interface Verification {
  /** When it began: what came later may be left out. */
  readonly at: string
  readonly valid: boolean
  readonly checked: number
  readonly subjects: number
  readonly broken: readonly { readonly subject: string; readonly sequence: number }[]
  readonly anchor: VerifiedAnchor | null
}

/** Recomputes every chain of the log, and compares the heads with those that were last signed. */
export async function verifyEvents(services: Services): Promise<Verification> {
  const at = toTimestamp(services.clock.now())
  const heads = new Map<string, ChainHead>()
  const broken = new Map<string, number>()
  let checked = 0
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof services.ledger.events>> = await services.ledger.events({
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const event of page.items) {
      const { subject, sequence, hash } = event
      checked += 1
      const sound = services.chain.continues(heads.get(subject) ?? null, event)
      if (!sound && !broken.has(subject)) broken.set(subject, sequence)
      heads.set(subject, { subject, sequence, hash })
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  const anchor = await verifyAnchor(services)
  return {
    at,
    valid: broken.size === 0 && anchor?.valid !== false,
    checked,
    subjects: heads.size,
    broken: [...broken].slice(0, BROKEN_MAX).map(([subject, sequence]) => ({ subject, sequence })),
    anchor,
  }
}

async function verifyAnchor(services: Services): Promise<VerifiedAnchor | null> {
  const deployment = await services.ledger.read<DeploymentState>(DEPLOYMENT_KEY)
  const anchor = deployment?.state.anchor ?? null
  if (deployment === null || anchor === null) return null
  const { at, upTo, subjects, digest, jws } = anchor
  const signed = await services.signer.verify(jws, deployment.state.publicJwk)
  const stated = JSON.stringify({ at: toTimestamp(at), upTo, subjects, digest })
  const present = await services.ledger.digestHeads(upTo)
  const valid = signed === stated && present.digest === digest && present.subjects === subjects
  return { at: toTimestamp(at), subjects, digest, jws, valid }
}
