import { SettingError } from '@latchkey/core'
import { parseAddress } from './address.ts'
import { type Cidr, parseCidr } from './cidr.ts'
import { isCanonicalName, isMetadataName, isPrivateName } from './host-name.ts'

/** The widest private blocks that there are (10.0.0.0/8, fc00::/7); a wider range would take in public space. */
const SHORTEST_PREFIX = { 4: 8, 6: 7 } as const

const RANGES_SETTING = 'LATCHKEY_ALLOW_PRIVATE_HOSTS'
const HOSTS_SETTING = 'LATCHKEY_UPSTREAM_HOSTS'

/**
 * Reads the setting `LATCHKEY_ALLOW_PRIVATE_HOSTS`.
 * @throws SettingError
 */
export function parseAllowedRanges(text: string): readonly Cidr[] {
  return entries(text).map((entry) => {
    const cidr = parseCidr(entry)
    if (cidr === null) {
      throw new SettingError(
        RANGES_SETTING,
        `must be a comma list of CIDR ranges such as 10.0.0.0/8 with no bits set below the prefix, not ${quoted(entry)}`,
      )
    }
    const shortest = SHORTEST_PREFIX[cidr.base.family]
    if (cidr.length < shortest) {
      throw new SettingError(
        RANGES_SETTING,
        `must name ranges of at least /${shortest}, not ${quoted(entry)}`,
      )
    }
    return cidr
  })
}

/**
 * Reads the setting `LATCHKEY_UPSTREAM_HOSTS`.
 * @throws SettingError
 */
export function parseUpstreamHosts(text: string): readonly string[] {
  return entries(text).map((entry) => {
    const name = entry.toLowerCase()
    if (!isListableHost(name)) {
      throw new SettingError(
        HOSTS_SETTING,
        `must be a comma list of public host names such as graph.example.com, not ${quoted(entry)}`,
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

/** On one line, whatever it holds; what stands before an at sign may be a password. */
function quoted(entry: string): string {
  return JSON.stringify(entry.replace(/^.*@/s, '***@'))
}
