import { Fault } from '../../fault/fault.ts'
import { type Instant } from '../../instant.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import type { Scope } from '../../token/scopes.ts'
import { tokenIdOf, type TokenState } from '../../token/state.ts'

export interface NewToken {
  readonly name: string
  readonly digest: string
  readonly scopes: readonly Scope[]
  readonly connections: readonly string[] | null
  readonly at: Instant
  readonly expiresAt: Instant | null
}

/** The state that creating this token will have; pure, so that its answer can be sealed beforehand. */
export function newToken(made: NewToken): TokenState {
  return {
    id: tokenIdOf(made.digest),
    name: made.name,
    digest: made.digest,
    scopes: made.scopes,
    connections: made.connections,
    createdAt: made.at,
    expiresAt: made.expiresAt,
  }
}

/** Stores a token's digest. @throws Fault conflict, where a digest collides */
export async function createToken(
  services: Services,
  request: Request<TokenState>,
  token: TokenState,
): Promise<TokenState> {
  return services.ledger.mutate<TokenState, TokenState>(
    { kind: 'token', id: token.id },
    (state, version) => {
      if (state !== null || version > 0) {
        throw new Fault('conflict', 'Cannot create token: its id is taken', { retryable: true })
      }
      return {
        result: token,
        next: token,
        labels: {},
        events: [
          {
            type: 'token.created',
            at: token.createdAt,
            actor: request.actor,
            data: { name: token.name, scopes: token.scopes, connections: token.connections },
          },
        ],
        ...receiptOf(request, token),
      }
    },
  )
}

/** Ends a token at once. @throws Fault not_found */
export async function revokeToken(
  services: Services,
  request: Request<null>,
  id: string,
): Promise<void> {
  await services.ledger.mutate<TokenState, null>({ kind: 'token', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find token "${id}"`)
    return {
      result: null,
      next: null,
      events: [
        {
          type: 'token.revoked',
          at: services.clock.now(),
          actor: request.actor,
          data: { name: state.name },
        },
      ],
      ...receiptOf(request, null),
    }
  })
}
