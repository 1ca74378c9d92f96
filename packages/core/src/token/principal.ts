import { Fault } from '../fault/fault.ts'
import { type Instant, toTimestamp } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import { grants, type Scope } from './scopes.ts'

/** Who is asking, and how far their rights go. */
export interface Principal {
  readonly actor: Actor
  readonly scopes: readonly Scope[]
  /** Null: every connection. Otherwise everything outside the list is as if it did not exist. */
  readonly connections: readonly string[] | null
  /** When what they show for themselves ends; null: never. */
  readonly expiresAt: Instant | null
}

/** @throws Fault forbidden */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!grants(principal.scopes, scope)) {
    throw new Fault('forbidden', `Cannot do this: the token lacks the scope "${scope}"`)
  }
}

export function sees(principal: Principal, connectionId: string): boolean {
  return principal.connections === null || principal.connections.includes(connectionId)
}

/** The part of a query that keeps it to what a principal may see. */
export function sightOf({ connections }: Principal): { readonly connections?: readonly string[] } {
  return connections === null ? {} : { connections }
}

/**
 * A token limited to connections must not learn what else there is.
 * @throws Fault not_found, in the words of a thing that does not exist
 */
export function requireSight(
  principal: Principal,
  connectionId: string,
  what: { readonly noun: string; readonly id: string },
): void {
  if (!sees(principal, connectionId)) {
    throw new Fault('not_found', `Cannot find ${what.noun} "${what.id}"`)
  }
}

/**
 * Nobody hands on more than they have, nor for longer.
 * @throws Fault forbidden, invalid_request for what would outlive its maker
 */
export function requireGrantable(principal: Principal, grant: Omit<Principal, 'actor'>): void {
  for (const scope of grant.scopes) requireScope(principal, scope)
  const outside = grant.connections?.filter((id) => !sees(principal, id)) ?? null
  if (principal.connections !== null && (outside === null || outside.length > 0)) {
    throw new Fault('forbidden', 'Cannot grant access to connections that this token does not have')
  }
  requireShorter(principal, grant)
}

/** Not shortened without a word: whoever is given a token that ends early finds out when it does. */
function requireShorter(
  { expiresAt: limit }: Principal,
  { expiresAt }: Pick<Principal, 'expiresAt'>,
): void {
  if (limit === null || (expiresAt !== null && expiresAt <= limit)) return
  const latest = toTimestamp(limit)
  throw new Fault(
    'invalid_request',
    `Cannot make token: it would outlive the one that makes it, which ends at ${latest}`,
    { errors: [{ pointer: '/expiresAt', message: `Must be given, and not after ${latest}` }] },
  )
}

/**
 * What concerns more than a list of connections is not for a token that is limited to one.
 * @throws Fault forbidden
 */
export function requireUnlimited(principal: Principal): void {
  if (principal.connections !== null) {
    throw new Fault('forbidden', 'Cannot do this: the token is limited to some connections')
  }
}
