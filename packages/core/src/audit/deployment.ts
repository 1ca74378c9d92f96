import { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { JsonObject } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'

/** The hourly task that signs the heads of all chains. */
export const ANCHOR = 'anchor'
/** The task that has the numbers swept which a program left that did not. */
export const ARM_SWEEPS = 'arm-sweeps'

/** A signed statement of how far every chain of the log had come. */
export interface Anchor {
  readonly at: Instant
  /** The arrival order up to which events are covered. */
  readonly upTo: number
  readonly subjects: number
  /** Over the heads of all chains as they were then; see `Ledger.digestHeads`. */
  readonly digest: string
  /** Compact JWS (RFC 7515) over `{at, upTo, subjects, digest}`, signed with the deployment's Ed25519 key. */
  readonly jws: string
}

/** What a deployment has once: its signing key, and the last anchor signed with it. */
export interface DeploymentState {
  /** Public Ed25519 JWK (RFC 8037). */
  readonly publicJwk: JsonObject
  /** The private JWK, sealed. */
  readonly signingKey: string
  readonly createdAt: Instant
  readonly anchor: Anchor | null
  /** Whether every number that can be read has its sweep, or which is the last of those that were seen to. */
  readonly sweeps?: 'armed' | { readonly cursor: string | null }
}

export const DEPLOYMENT_KEY = { kind: 'deployment', id: 'dep_main' } as const
export const SIGNING_KEY_PLACE = 'deployment/signing-key'

/** The deployment's state, made at its first start together with the task that anchors the log hourly. */
export async function ensureDeployment(services: Services): Promise<DeploymentState> {
  const present = await services.ledger.read<DeploymentState>(DEPLOYMENT_KEY)
  if (present !== null) {
    return present.state.sweeps === undefined ? beginArming(services) : present.state
  }
  const pair = await services.signer.generate()
  const sealed = await services.sealer.seal(pair.privateJwk, SIGNING_KEY_PLACE)
  const now = services.clock.now()
  return services.ledger.mutate<DeploymentState, DeploymentState>(DEPLOYMENT_KEY, (state) => {
    if (state !== null) return { result: state }
    const next = {
      publicJwk: pair.publicJwk,
      signingKey: sealed,
      createdAt: now,
      anchor: null,
      sweeps: 'armed' as const,
    }
    return {
      result: next,
      next,
      labels: {},
      tasks: [{ name: ANCHOR, due: now }],
      events: [
        {
          type: 'deployment.created',
          at: now,
          actor: { kind: 'system', id: 'start' },
          data: { publicJwk: pair.publicJwk },
        },
      ],
    }
  })
}

async function beginArming({ ledger, clock }: Services): Promise<DeploymentState> {
  return ledger.mutate<DeploymentState, DeploymentState>(DEPLOYMENT_KEY, (state) => {
    if (state === null) throw new Fault('internal', 'The deployment’s state is gone')
    if (state.sweeps !== undefined) return { result: state }
    const next = { ...state, sweeps: { cursor: null } }
    return { result: next, next, labels: {}, tasks: [{ name: ARM_SWEEPS, due: clock.now() }] }
  })
}
