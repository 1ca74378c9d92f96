import type { Instant } from '../instant.ts'
import type { Scope } from './scopes.ts'

/** A token as it is stored: never the token, only its digest. */
export interface TokenState {
  readonly id: string
  readonly name: string
  /** Lower-case hex SHA-256 of the token. */
  readonly digest: string
  readonly scopes: readonly Scope[]
  readonly connections: readonly string[] | null
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
}

/** Hex characters of the digest that an id carries: 80 bits, and nothing of the token can be told from them. */
const ID_HEX = 20

/** A token's id is read off its digest, so that finding one needs no index. */
export function tokenIdOf(digest: string): string {
  return `tok_${digest.slice(0, ID_HEX)}`
}
