import { AGGREGATE_PREFIXES, type AggregateKind } from './ledger/keys.ts'
import type { Random } from './ports.ts'

/** Crockford's base 32: a byte's low five bits pick a symbol without bias, and none looks like another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Random text of 5 bits a character. */
export function randomText(random: Random, length: number): string {
  return Array.from(random.bytes(length), (byte) => ALPHABET.charAt(byte & 31)).join('')
}

/** A new id of a kind that lives in the registry: 80 random bits. */
export function mintId(kind: AggregateKind, random: Random): string {
  return AGGREGATE_PREFIXES[kind] + randomText(random, 16)
}

/** A new id of a kind that lives with a connection: the connection's own part, then 60 random bits. */
export function mintIdWithin(connectionId: string, kind: AggregateKind, random: Random): string {
  return AGGREGATE_PREFIXES[kind] + connectionId.slice('con_'.length) + randomText(random, 12)
}
