import { type Cidr, parseCidr } from './cidr.ts'

/** A block that no upstream of the public Internet lives in. */
export interface SpecialRange {
  readonly cidr: Cidr
  readonly kind: string
}

/**
 * IPv4 blocks that are not globally reachable, from the IANA IPv4 Special-Purpose Address Registry (RFC 6890), with
 * multicast (RFC 5771), which that registry leaves to its own.
 */
const IPV4: readonly (readonly [cidr: string, kind: string])[] = [
  ['0.0.0.0/8', 'unspecified'], // RFC 791 §3.2
  ['10.0.0.0/8', 'private'], // RFC 1918
  ['100.64.0.0/10', 'shared'], // RFC 6598, carrier-grade NAT
  ['127.0.0.0/8', 'loopback'], // RFC 1122 §3.2.1.3
  ['169.254.0.0/16', 'link-local'], // RFC 3927
  ['172.16.0.0/12', 'private'], // RFC 1918
  ['192.0.0.0/24', 'reserved'], // RFC 6890 §2.1, IETF protocol assignments
  ['192.0.2.0/24', 'documentation'], // RFC 5737
  ['192.88.99.0/24', 'reserved'], // RFC 7526, the former 6to4 relays
  ['192.168.0.0/16', 'private'], // RFC 1918
  ['198.18.0.0/15', 'benchmark'], // RFC 2544
  ['198.51.100.0/24', 'documentation'], // RFC 5737
  ['203.0.113.0/24', 'documentation'], // RFC 5737
  ['224.0.0.0/4', 'multicast'], // RFC 5771
  ['240.0.0.0/4', 'reserved'], // RFC 1112 §4, with limited broadcast (RFC 8190)
]

/**
 * IPv6 blocks inside the global unicast space (2000::/3) that are not globally reachable, from the IANA IPv6
 * Special-Purpose Address Registry. Everything outside 2000::/3 is refused as a whole, see `unreachableKind()`.
 */
const IPV6: readonly (readonly [cidr: string, kind: string])[] = [
  ['2001::/23', 'reserved'], // RFC 2928, IETF protocol assignments: Teredo, benchmark, ORCHID and others
  ['2001:db8::/32', 'documentation'], // RFC 3849
  ['2002::/16', '6to4'], // RFC 3056, RFC 7526
  ['3fff::/20', 'documentation'], // RFC 9637
]

/**
 * Where clouds serve an instance its credentials. Refused also inside a range that the settings allow: only naming
 * the very address opens it.
 */
const METADATA: readonly (readonly [cidr: string, kind: string])[] = [
  ['169.254.169.254', 'instance metadata'], // AWS, Azure, Google Cloud and most others
  ['169.254.170.2', 'instance metadata'], // AWS ECS task credentials
  ['169.254.170.23', 'instance metadata'], // AWS EKS Pod Identity
  ['169.254.0.23', 'instance metadata'], // Tencent Cloud
  ['100.100.100.200', 'instance metadata'], // Alibaba Cloud
  ['168.63.129.16', 'instance metadata'], // Azure host agent: a public address, served inside
  ['192.0.0.192', 'instance metadata'], // Oracle Cloud
  ['fd00:ec2::254', 'instance metadata'], // AWS
  ['fd00:ec2::23', 'instance metadata'], // AWS EKS Pod Identity
  ['fd20:ce::254', 'instance metadata'], // Google Cloud
]

function table(rows: readonly (readonly [cidr: string, kind: string])[]): readonly SpecialRange[] {
  return rows.map(([text, kind]) => ({ cidr: constant(text), kind }))
}

function constant(text: string): Cidr {
  const cidr = parseCidr(text)
  if (cidr === null) throw new Error(`Cannot build range table: "${text}" is not a CIDR range`)
  return cidr
}

export const SPECIAL_RANGES: readonly SpecialRange[] = [...table(IPV4), ...table(IPV6)]
export const METADATA_ADDRESSES: readonly SpecialRange[] = table(METADATA)

/** RFC 4291 §2.4: the only space that global unicast addresses are assigned from. */
export const GLOBAL_UNICAST = constant('2000::/3')
/** RFC 6052 §2.1: an IPv4 address seen through NAT64, as resolvers of IPv6-only networks answer. */
export const NAT64 = constant('64:ff9b::/96')

/** Names for the blocks outside 2000::/3 that people meet; the rest is `reserved`. */
export const OUTSIDE_UNICAST: readonly SpecialRange[] = table([
  ['::/128', 'unspecified'], // RFC 4291 §2.5.2
  ['::1/128', 'loopback'], // RFC 4291 §2.5.3
  ['::ffff:0:0/96', 'IPv4-mapped'], // RFC 4291 §2.5.5.2
  ['fc00::/7', 'private'], // RFC 4193
  ['fe80::/10', 'link-local'], // RFC 4291 §2.5.6
  ['ff00::/8', 'multicast'], // RFC 4291 §2.7
])
