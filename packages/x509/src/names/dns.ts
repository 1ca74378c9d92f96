/** RFC 1035 §2.3.4, without the length octets of the first label and the root. */
const MAX_NAME = 253

/** The preferred name syntax (RFC 1034 §3.5, RFC 1123 §2.1): letters, digits, and hyphens inside. */
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

const ALL_DIGITS = /^\d+$/

/** Whether it is a DNS name as certificates have it (RFC 5280 §4.2.1.6): no wildcard, no dot at the end. */
export function isDnsName(text: string): boolean {
  const labels = text.split('.')
  // No top-level domain is a number, and a name whose last label is one would be read as an address.
  return (
    text.length <= MAX_NAME &&
    labels.every((label) => LABEL.test(label)) &&
    !ALL_DIGITS.test(labels.at(-1) ?? '')
  )
}

/** The name below which a wildcard stands: `example.com` for `*.example.com`; null where it is none. */
export function wildcardBase(text: string): string | null {
  const base = text.startsWith('*.') ? text.slice(2) : ''
  return isDnsName(base) ? base : null
}

/**
 * Whether a name of a certificate stands for a host (RFC 9525 §6.3): the same, or a wildcard in place of exactly the
 * host's first label. Both have to be sound; letters match without case, in ASCII alone.
 */
export function matchesHost(presented: string, host: string): boolean {
  const base = wildcardBase(presented)
  if (base === null) return isDnsName(presented) && lower(presented) === lower(host)
  const dot = host.indexOf('.')
  return dot > 0 && lower(host.slice(dot + 1)) === lower(base)
}

/** Whether a name has `base` as its last labels (RFC 5280 §4.2.1.10); all names have the empty one. */
export function isWithinDomain(name: string, base: string): boolean {
  if (base === '') return true
  return lower(name) === lower(base) || lower(name).endsWith(`.${lower(base)}`)
}

/**
 * Whether a wildcard stands for the host that a domain is named after. RFC 5280 does not say what excluding
 * `host.example.com` means to `*.example.com`; who takes the one for the other lets the excluded host through.
 */
export function wildcardReaches(wildcard: string, base: string): boolean {
  return wildcard.startsWith('*.') && matchesHost(wildcard, base)
}

/** `toLowerCase` alone would make letters of ASCII out of others. */
const lower = (text: string): string => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase())
