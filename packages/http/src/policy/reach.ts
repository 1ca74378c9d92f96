import { type Address, ADDRESS_BITS, embeddedIpv4 } from './address.ts'
import { type Cidr, contains } from './cidr.ts'
import {
  GLOBAL_UNICAST,
  METADATA_ADDRESSES,
  NAT64,
  OUTSIDE_UNICAST,
  type SpecialRange,
  SPECIAL_RANGES,
} from './special-ranges.ts'

/**
 * How an address may be reached: as part of the public Internet, because the settings allow its range, or not at
 * all. `kind` says what it is, in words for a fault's text.
 */
export type Reach =
  | { readonly by: 'public' }
  | { readonly by: 'allowed' }
  | { readonly by: 'none'; readonly kind: string }

export function reachOf(address: Address, allowed: readonly Cidr[]): Reach {
  const metadata = kindWithin(METADATA_ADDRESSES, address)
  const ranges = metadata === null ? allowed : allowed.filter(namesOneAddress)
  if (ranges.some((range) => contains(range, address))) return { by: 'allowed' }
  if (metadata !== null) return { by: 'none', kind: metadata }
  if (contains(NAT64, address)) {
    const embedded = reachOf(embeddedIpv4(address), [])
    return embedded.by === 'none' ? { by: 'none', kind: `NAT64 ${embedded.kind}` } : embedded
  }
  const kind = unreachableKind(address)
  return kind === null ? { by: 'public' } : { by: 'none', kind }
}

function unreachableKind(address: Address): string | null {
  if (address.family === 6 && !contains(GLOBAL_UNICAST, address)) {
    return kindWithin(OUTSIDE_UNICAST, address) ?? 'reserved'
  }
  return kindWithin(SPECIAL_RANGES, address)
}

function kindWithin(ranges: readonly SpecialRange[], address: Address): string | null {
  return ranges.find(({ cidr }) => contains(cidr, address))?.kind ?? null
}

function namesOneAddress(range: Cidr): boolean {
  return BigInt(range.length) === ADDRESS_BITS[range.base.family]
}
