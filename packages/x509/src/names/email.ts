import { isDnsName, isWithinDomain } from './dns.ts'

/** A mailbox (RFC 5321 §4.1.2): the local part with its case, the host without. */
export interface Mailbox {
  readonly local: string
  readonly host: string
}

/** RFC 5321 §4.1.2 `Dot-string`; quoted local parts are in no certificate that anybody should send mail by. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL = 64

/** Null where it is no plain mailbox. */
export function parseMailbox(text: string): Mailbox | null {
  const at = text.indexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const host = text.slice(at + 1)
  if (local.length > MAX_LOCAL || !LOCAL.test(local) || !isDnsName(host)) return null
  return { local, host: host.toLowerCase() }
}

export function isSameMailbox(a: string, b: string): boolean {
  const left = parseMailbox(a)
  const right = parseMailbox(b)
  return left !== null && left.local === right?.local && left.host === right.host
}

/** Whether it is a mailbox, a host, or a domain with a leading dot (RFC 5280 §4.2.1.10). */
export function isMailboxConstraint(base: string): boolean {
  if (base.includes('@')) return parseMailbox(base) !== null
  return isDnsName(base.startsWith('.') ? base.slice(1) : base)
}

/** Whether a mailbox is the one, is on the host, or is on a host below the domain, that a sound constraint names. */
export function isWithinMailboxes({ local, host }: Mailbox, base: string): boolean {
  const at = base.indexOf('@')
  if (at < 0) return isHostWithin(host, base)
  return base.slice(0, at) === local && base.slice(at + 1).toLowerCase() === host
}

/** A host, or with a leading dot all hosts below it and not itself. */
export function isHostWithin(host: string, base: string): boolean {
  if (!base.startsWith('.')) return host.toLowerCase() === base.toLowerCase()
  const domain = base.slice(1)
  return isWithinDomain(host, domain) && host.length > domain.length
}
