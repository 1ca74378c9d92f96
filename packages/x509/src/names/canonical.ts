import { equalBytes } from '../read/bytes.ts'
import type { Name, NameAttribute } from '../read/name.ts'
import { toHex } from '@latchkey/crypto'

/** Name constraints compare the same names many times over. */
const known = new WeakMap<Name, string>()

/**
 * A name in a form that is equal for names that are equal (RFC 5280 §7.1): case, kind of string, compatibility forms
 * and runs of white space do not count, nor does the order inside one part. Values that are no text are compared
 * as bytes. Each part ends in a line feed, which is nowhere inside of one.
 */
export function canonicalName(name: Name): string {
  const canonical = known.get(name) ?? name.parts.map(canonicalPart).join('')
  known.set(name, canonical)
  return canonical
}

function canonicalPart(part: readonly NameAttribute[]): string {
  return `${part.map(canonicalAttribute).toSorted(byCodeUnit).join()}\n`
}

function canonicalAttribute(attribute: NameAttribute): string {
  const { type, text } = attribute
  const value = text === null ? ['raw', toHex(attribute.raw)] : ['text', canonicalText(text)]
  return JSON.stringify([type, ...value])
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function canonicalText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replaceAll(/\s+/g, ' ')
}

/** Whether `name` lies in the subtree below `base` (RFC 5280 §7.1): it starts with all parts of the base. */
export function isWithinDirectory(name: Name, base: Name): boolean {
  return canonicalName(name).startsWith(canonicalName(base))
}

export function isSelfIssued(certificate: { issuer: Name; subject: Name }): boolean {
  const { issuer, subject } = certificate
  return equalBytes(issuer.raw, subject.raw) || canonicalName(issuer) === canonicalName(subject)
}
