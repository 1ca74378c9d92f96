import { HOUR, type Instant, toTimestamp } from '../instant.ts'
import type { Services } from '../services.ts'
import { DEPLOYMENT_KEY, type DeploymentState, SIGNING_KEY_PLACE } from './deployment.ts'

/** Signs the present heads, and says when to do so again. */
export async function anchorEvents(services: Services): Promise<Instant | null> {
  const deployment = await services.ledger.read<DeploymentState>(DEPLOYMENT_KEY)
  if (deployment === null) return null
  const at = services.clock.now()
  const heads = await services.ledger.digestHeads(null)
  const payload = JSON.stringify({ at: toTimestamp(at), ...heads })
  const signingKey = await services.sealer.open(deployment.state.signingKey, SIGNING_KEY_PLACE)
  const jws = await services.signer.sign(payload, signingKey)
  await services.ledger.mutate<DeploymentState, null>(DEPLOYMENT_KEY, (state) =>
    state === null
      ? { result: null }
      : { result: null, next: { ...state, anchor: { at, ...heads, jws } }, labels: {} },
  )
  return at + HOUR
}
