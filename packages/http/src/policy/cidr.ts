import { type Address, ADDRESS_BITS, parseAddress } from './address.ts'

/** A block of addresses: those that share the first `length` bits of `base`. */
export interface Cidr {
  readonly base: Address
  readonly length: number
}

const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/

/**
 * Reads a block in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3); a bare address is a block of one. Null where it is
 * none, or where bits below the prefix are set: such a block names other addresses than its writer believes.
 */
export function parseCidr(text: string): Cidr | null {
  const [address = '', prefix, ...rest] = text.split('/')
  const base = parseAddress(address)
  if (base === null || rest.length > 0) return null
  const bits = Number(ADDRESS_BITS[base.family])
  if (prefix === undefined) return { base, length: bits }
  if (!PREFIX_LENGTH.test(prefix) || Number(prefix) > bits) return null
  const cidr = { base, length: Number(prefix) }
  return base.value === networkOf(base, cidr.length) ? cidr : null
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.base.family === address.family && networkOf(address, cidr.length) === cidr.base.value
}

function networkOf(address: Address, length: number): bigint {
  const hostBits = ADDRESS_BITS[address.family] - BigInt(length)
  return (address.value >> hostBits) << hostBits
}
