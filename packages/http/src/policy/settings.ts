import { ADDRESS_BITS, parseAddress } from './address.ts'
import { type Cidr, parseCidr } from './cidr.ts'
import { isCanonicalName, isMetadataName, isPrivateName } from './host-name.ts'

/** The widest private blocks that there are (10.0.0.0/8, fc00::/7); a wider range would take in public space. */
const SHORTEST_PREFIX = { 4: 8, 6: 7 } as const

/**
 * Reads the setting `LATCHKEY_ALLOW_PRIVATE_HOSTS`.
 * @throws Error with one line that names the setting and what it should be
 */
export function parseAllowedRanges(text: string): readonly Cidr[] {
  return entries(text).map((entry) => {
    const cidr = parseCidr(entry)
    if (cidr === null) {
      throw wrong(
        'LATCHKEY_ALLOW_PRIVATE_HOSTS',
        entry,
        'a CIDR range such as 10.0.0.0/8, with no bits set below its prefix',
      )
    }
    const shortest = SHORTEST_PREFIX[cidr.base.family]
    if (cidr.length < shortest) {
      const bits = ADDRESS_BITS[cidr.base.family]
      throw wrong(
        'LATCHKEY_ALLOW_PRIVATE_HOSTS',
        entry,
        `a range with a prefix from /${shortest} to /${bits}`,
      )
    }
    return cidr
  })
}

/**
 * Reads the setting `LATCHKEY_UPSTREAM_HOSTS`.
 * @throws Error with one line that names the setting and what it should be
 */
export function parseUpstreamHosts(text: string): readonly string[] {
  return entries(text).map((entry) => {
    const name = entry.toLowerCase()
    if (!isListableHost(name)) {
      throw wrong(
        'LATCHKEY_UPSTREAM_HOSTS',
        entry,
        'a public host name such as graph.example.com, without scheme or wildcard',
      )
    }
    return name
  })
}

function isListableHost(host: string): boolean {
  const [name = '', port, ...rest] = host.split(':')
  if (rest.length > 0 || (port !== undefined && !isPort(port))) return false
  return (
    isCanonicalName(name) &&
    parseAddress(name) === null &&
    !isPrivateName(name) &&
    !isMetadataName(name)
  )
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535
}

function entries(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function wrong(setting: string, entry: string, expected: string): Error {
  return new Error(`${setting}: ${JSON.stringify(entry)} is wrong, expected ${expected}`)
}
