const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
/** RFC 1035 §2.3.4, less the root's length byte and the leading one. */
const NAME_MAX = 253

/**
 * Suffixes that name hosts of a local network alone: RFC 6762 (`local`), RFC 8375 (`home.arpa`), ICANN's reservation
 * (`internal`), and those that routers, companies and clusters use without one.
 */
const PRIVATE_SUFFIXES = [
  'corp',
  'home',
  'home.arpa',
  'internal',
  'intranet',
  'lan',
  'local',
  'localdomain',
  'private',
]

/** Names of instance metadata services: never admitted, whatever ranges are allowed. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'instance-data', // AWS
  'instance-data.ec2.internal', // AWS
  'metadata', // Google Cloud
  'metadata.google.internal', // Google Cloud
  'metadata.goog', // Google Cloud
  'metadata.tencentyun.com', // Tencent Cloud
])

/** Whether this is a DNS name in its one canonical spelling: lower-case A-labels, no trailing dot. */
export function isCanonicalName(name: string): boolean {
  return name.length <= NAME_MAX && name.split('.').every((label) => LABEL.test(label))
}

/** RFC 6761 §6.3: these are loopback by definition, and no resolver is asked. */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** Whether a name can only belong to a local network: a single label, or below a private suffix. */
export function isPrivateName(name: string): boolean {
  return (
    isLocalhost(name) ||
    !name.includes('.') ||
    PRIVATE_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`))
  )
}

export function isMetadataName(name: string): boolean {
  return METADATA_NAMES.has(name)
}
