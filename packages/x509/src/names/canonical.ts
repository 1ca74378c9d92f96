import { equalBytes } from '../read/bytes.ts'
import type { Name, NameAttribute } from '../read/name.ts'
import { toHex } from '@latchkey/crypto'

/**
 * A name in a form that is equal for names that are equal (RFC 5280 §7.1): case, kind of string, compatibility forms
 * and runs of white space do not count, nor does the order inside one part. Values that are no text are compared
 * as bytes.
 */
export function canonicalName(name: Name): string {
  return JSON.stringify(canonicalParts(name))
}

export function canonicalParts({ parts }: Name): readonly string[] {
  return parts.map((part) => part.map(canonicalAttribute).toSorted(byCodeUnit).join())
}

function canonicalAttribute({ type, text, raw }: NameAttribute): string {
  const value = text === null ? ['raw', toHex(raw)] : ['text', canonicalText(text)]
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
  const parts = canonicalParts(name)
  return canonicalParts(base).every((part, index) => part === parts[index])
}

export function isSelfIssued(certificate: { issuer: Name; subject: Name }): boolean {
  const { issuer, subject } = certificate
  return equalBytes(issuer.raw, subject.raw) || canonicalName(issuer) === canonicalName(subject)
}
