import { isDnsName } from './dns.ts'

/** RFC 3986 §3: scheme, authority with user and port around the host. */
const URI = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@\\]*@)?([^/?#@:[\]]+)(?::\d*)?(?:[/?#]|$)/i

/** The host name of a URI; null where it has none, or an address. */
export function hostOfUri(uri: string): string | null {
  const host = URI.exec(uri)?.[1]
  return host !== undefined && isDnsName(host) ? host : null
}

/** Whether it is a host, or a domain with a leading dot (RFC 5280 §4.2.1.10). */
export function isUriConstraint(base: string): boolean {
  return isDnsName(base.startsWith('.') ? base.slice(1) : base)
}
