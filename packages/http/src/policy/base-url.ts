import { Fault } from '@latchkey/core'
import { parseAddress, type Address } from './address.ts'
import { isCanonicalName } from './host-name.ts'

/** A base URL that passed every syntactic check. */
export interface BaseUrl {
  readonly url: URL
  /** Lower-case host without port; an IPv6 address without its brackets. */
  readonly host: string
  /** Set where the host is a literal address. */
  readonly address: Address | null
}

/** Longer ones come from nobody's deployment. */
const LENGTH_MAX = 2048
const SHAPE = /^(https?):\/\/([^/]+)(\/.*)?$/i
const PORT = /^[1-9]\d{0,4}$/
const PORT_MAX = 65_535
/** pchar of RFC 3986 §3.3 without escapes, and without `;`, whose parameters some servers cut off (`..;/`). */
const SEGMENT = /^[\w.~!$&'()*+,=:@-]+$/

/**
 * Reads a base URL, refusing whatever two parsers could understand differently: the WHATWG parser repairs much
 * (tabs, backslashes, decimal and octal addresses, full-width digits), and what it repaired is not what a person
 * approved.
 * @throws Fault invalid_request
 */
export function parseBaseUrl(text: string): BaseUrl {
  if (text.length > LENGTH_MAX) throw refusedBaseUrl(`it is longer than ${LENGTH_MAX} characters`)
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007F-\u00A0\p{Cf}\p{Z}]/u.test(text)) {
    throw refusedBaseUrl('it contains a space or control character')
  }
  const [, scheme, authority, path = ''] = SHAPE.exec(text) ?? []
  if (scheme === undefined || authority === undefined) {
    throw refusedBaseUrl('expected https://host or https://host/path')
  }
  if (text.includes('\\')) throw refusedBaseUrl('it contains a backslash')
  if (text.includes('?')) throw refusedBaseUrl('it has a query')
  if (text.includes('#')) throw refusedBaseUrl('it has a fragment')
  if (authority.includes('@')) throw refusedBaseUrl('it has user information')
  if (authority.includes('%')) throw refusedBaseUrl('its host is percent-encoded')
  checkPath(path)
  const { host, port } = splitAuthority(authority)
  const url = parse(text)
  if (port !== null && (!PORT.test(port) || Number(port) > PORT_MAX)) {
    throw refusedBaseUrl('its port is not a number from 1 to 65535')
  }
  return { url, ...checkHost(host, url.hostname) }
}

function splitAuthority(authority: string): { host: string; port: string | null } {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(authority) ?? []
  if (host === '') throw refusedBaseUrl('it has no host')
  return { host, port: port ?? null }
}

function parse(text: string): URL {
  try {
    return new URL(text)
  } catch {
    // The parser's own error repeats the text.
    throw refusedBaseUrl('its host or port is not valid')
  }
}

function checkHost(written: string, normalized: string): { host: string; address: Address | null } {
  const lower = written.toLowerCase()
  const literal = normalized.startsWith('[') ? normalized.slice(1, -1) : normalized
  const address = parseAddress(literal)
  if (address !== null) {
    if (lower !== normalized)
      throw refusedBaseUrl('its address is not written in the canonical form')
    return { host: literal, address }
  }
  const writtenLabels = written.split('.')
  const labels = normalized.split('.')
  if (normalized.endsWith('.')) throw refusedBaseUrl('its host ends in a dot')
  // Only an internationalized label may change, and only into an A-label (RFC 5890 §2.3.2.1): a full-width digit or
  // an ideographic full stop becomes plain ASCII, and is how an address hides as a name.
  const faithful =
    labels.length === writtenLabels.length &&
    labels.every((label, index) => {
      const before = writtenLabels[index]?.toLowerCase() ?? ''
      return label === before || (!isAscii(before) && label.startsWith('xn--'))
    })
  if (!faithful || !isCanonicalName(normalized))
    throw refusedBaseUrl('its host name is not canonical')
  return { host: normalized, address: null }
}

function checkPath(path: string): void {
  if (path === '' || path === '/') return
  const segments = path.slice(1, path.endsWith('/') ? -1 : undefined).split('/')
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..' || !SEGMENT.test(segment)) {
      throw refusedBaseUrl('its path has an empty, dotted or encoded segment')
    }
  }
}

function isAscii(text: string): boolean {
  return /^[!-~]*$/.test(text)
}

/** The one fault for a base URL that may not be used; the text itself is not repeated, it may hold a secret. */
export function refusedBaseUrl(why: string): Fault {
  return new Fault('invalid_request', `Cannot use base URL: ${why}`)
}
