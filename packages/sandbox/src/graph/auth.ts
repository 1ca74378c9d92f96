import { createHmac } from 'node:crypto'
import type { Instant } from '@latchkey/core'
import { GraphError } from './errors.ts'
import type { GraphToken } from './seed.ts'
import type { GraphState } from './state.ts'

/** What a request brought to prove who it is, from wherever it brought it. */
export interface Proof {
  readonly token: string | null
  readonly appSecretProof: string | null
}

export function readProof(
  authorization: string | undefined,
  parameter: (name: string) => string | undefined,
): Proof {
  const bearer = authorization?.match(/^(?:Bearer|OAuth) +(.+)$/i)?.[1]
  return {
    token: bearer ?? parameter('access_token') ?? null,
    appSecretProof: parameter('appsecret_proof') ?? null,
  }
}

/** @throws GraphError 104, 190, or 100 for a wrong or missing `appsecret_proof` */
export function authenticate(
  state: GraphState,
  proof: Proof,
  requireAppSecret: boolean,
  now: Instant,
): GraphToken {
  if (proof.token === null || proof.token === '')
    throw new GraphError(104, { message: 'An access token is required to request this resource.' })
  const token = state.tokens.get(proof.token)
  if (token === undefined)
    throw new GraphError(190, { message: 'Invalid OAuth access token - Cannot parse access token' })
  if (token.expiresAt !== null && now >= token.expiresAt)
    throw new GraphError(190, {
      message: 'Error validating access token: Session has expired',
      subcode: 463,
    })
  checkAppSecretProof(state, proof, requireAppSecret)
  return token
}

function checkAppSecretProof(state: GraphState, proof: Proof, required: boolean): void {
  const { token, appSecretProof } = proof
  if (appSecretProof === null) {
    if (!required) return
    throw new GraphError(100, {
      message: 'API calls from the server require an appsecret_proof argument',
      type: 'GraphMethodException',
    })
  }
  const expected = createHmac('sha256', state.app.secret)
    .update(token ?? '')
    .digest('hex')
  if (appSecretProof === expected) return
  throw new GraphError(100, {
    message: 'Invalid appsecret_proof provided in the API argument',
    type: 'GraphMethodException',
  })
}

/** @throws GraphError 10 where the token lacks the scope, 200 where it was not given the WABA */
export function authorize(token: GraphToken, scope: string, wabaId: string): void {
  if (!token.scopes.includes(scope))
    throw new GraphError(10, { details: `The access token lacks the permission ${scope}` })
  if (!token.wabaIds.includes(wabaId))
    throw new GraphError(200, {
      details: 'The user of the access token has no access to this business account',
    })
}
