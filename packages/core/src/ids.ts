import { AGGREGATE_PREFIXES, type AggregateKind } from './ledger/keys.ts'
import type { Random } from './ports.ts'
import type { Fingerprint } from './public-key.ts'

/** Crockford's base 32: a byte's low five bits pick a symbol without bias, and none looks like another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Random text of 5 bits a character. */
export function randomText(random: Random, length: number): string {
  let text = ''
  for (const byte of random.bytes(length)) text += ALPHABET.charAt(byte & 31)
  return text
}

/** A new id of a kind that lives in the registry: 80 random bits. */
export function mintId(kind: AggregateKind, random: Random): string {
  return AGGREGATE_PREFIXES[kind] + randomText(random, 16)
}

/** A new id of a kind that lives with a connection: the connection's own part, then 60 random bits. */
export function mintIdWithin(connectionId: string, kind: AggregateKind, random: Random): string {
  return AGGREGATE_PREFIXES[kind] + connectionId.slice('con_'.length) + randomText(random, 12)
}

/** The id of the certificate that a request with this receipt makes: its repeat finds the same. */
export function certificateIdOf(connectionId: string, receiptId: string): string {
  const symbols = textOf(receiptId, 12)
  return AGGREGATE_PREFIXES.certificate + connectionId.slice('con_'.length) + symbols
}

const FINGERPRINT_START = 'sha256:'.length

/** The id of a key that was handed in: handed in twice, also at the same time, it is the same. */
export function keyIdOf(fingerprint: Fingerprint): string {
  return AGGREGATE_PREFIXES.key + textOf(fingerprint.slice(FINGERPRINT_START), 16)
}

/** The id under which is kept that a key is lost. */
export function lostIdOf(fingerprint: Fingerprint): string {
  return AGGREGATE_PREFIXES.lost + fingerprint.slice(FINGERPRINT_START)
}

/** Text of 5 bits a character, two hex digits of a digest for each. */
function textOf(hex: string, length: number): string {
  const symbols = Array.from({ length }, (_, index) => {
    const byte = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
    return ALPHABET.charAt(byte & 31)
  })
  return symbols.join('')
}
