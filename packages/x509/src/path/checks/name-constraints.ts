import { error, type Remark } from '../../findings.ts'
import { isWithinDirectory } from '../../names/canonical.ts'
import { isDnsName, isWithinDomain, wildcardBase, wildcardReaches } from '../../names/dns.ts'
import { isHostWithin, isWithinMailboxes, parseMailbox } from '../../names/email.ts'
import { isAddress, isWithinRange } from '../../names/ip.ts'
import { hostOfUri } from '../../names/uri.ts'
import type { Certificate } from '../../read/certificate.ts'
import type { NameConstraints } from '../../read/extensions/names.ts'
import type { GeneralName, NameKind } from '../../read/general-name.ts'
import { attributesOf } from '../../read/name.ts'
import { ATTRIBUTE } from '../../read/oid.ts'
import type { Budget } from '../budget.ts'

/** Every name that constraints are about (RFC 5280 §4.2.1.10), those inside the subject too. */
export function constrainedNames({ subject, extensions }: Certificate): readonly GeneralName[] {
  const emails = attributesOf(subject, ATTRIBUTE.emailAddress)
  return [
    ...(extensions.subjectAlternativeName ?? []),
    ...(subject.parts.length > 0 ? [{ kind: 'directory', name: subject } as const] : []),
    // Applied even where subjectAltName has mailboxes: leaving it out there would be a way around.
    ...emails.map(({ text }) => ({ kind: 'email', text: text ?? '' }) as const),
  ]
}

/** RFC 5280 §6.1.3 (b) and (c), of one certificate's names and one authority's constraints. */
export function* checkNames(
  names: readonly GeneralName[],
  { permitted, excluded }: NameConstraints,
  budget: Budget,
): Iterable<Remark> {
  budget.spend('comparisons', names.length * (permitted.length + excluded.length))
  const constrained = new Set([...permitted, ...excluded].map(({ kind }) => kind))
  for (const name of names) {
    if (!constrained.has(kindOf(name))) continue
    const isWithin = membershipOf(name)
    if (isWithin === null) {
      const message = `A name of type ${name.kind} cannot be checked against the constraints on it`
      yield error('name_not_checkable', message)
      continue
    }
    const bases = permitted.filter(({ kind }) => kind === name.kind)
    if (bases.length > 0 && !bases.some(isWithin)) {
      yield error('name_not_permitted', `${title(name)} is not among the permitted names`)
    }
    if (excluded.some((base) => isWithin(base) || reaches(name, base))) {
      yield error('name_excluded', `${title(name)} is among the excluded names`)
    }
  }
}

/** A mailbox with characters beyond ASCII is an otherName, under the constraints of the others (RFC 9598 §6). */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9'

function kindOf(name: GeneralName): NameKind {
  return name.kind === 'other' && name.oid === SMTP_UTF8_MAILBOX ? 'email' : name.kind
}

/** Tells whether all that the name stands for is in a subtree; null where nobody can tell. */
function membershipOf(name: GeneralName): ((base: GeneralName) => boolean) | null {
  switch (name.kind) {
    case 'dns': {
      const { text } = name
      if (!isDnsName(text) && wildcardBase(text) === null) return null
      return (base) => base.kind === 'dns' && isWithinDomain(text, base.text)
    }
    case 'email': {
      const mailbox = parseMailbox(name.text)
      if (mailbox === null) return null
      return (base) => base.kind === 'email' && isWithinMailboxes(mailbox, base.text)
    }
    case 'uri': {
      const host = hostOfUri(name.text)
      if (host === null) return null
      return (base) => base.kind === 'uri' && isHostWithin(host, base.text)
    }
    case 'ip': {
      const { octets } = name
      if (!isAddress(octets)) return null
      return (base) => base.kind === 'ip' && isWithinRange(octets, base.octets)
    }
    case 'directory':
      return (base) => base.kind === 'directory' && isWithinDirectory(name.name, base.name)
    case 'other':
    case 'x400':
    case 'ediParty':
      return null
  }
}

/** Whether a wildcard stands for any host in the subtree, though not for those of the subtree alone. */
function reaches(name: GeneralName, base: GeneralName): boolean {
  return name.kind === 'dns' && base.kind === 'dns' && wildcardReaches(name.text, base.text)
}

function title(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return `The name ${name.text}`
    case 'ip':
      return 'An address'
    case 'directory':
    case 'other':
    case 'x400':
    case 'ediParty':
      return 'The subject or a name of a directory'
  }
}
