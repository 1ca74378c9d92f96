/** An IP address as a number; equal addresses are equal however they were spelled. */
export interface Address {
  readonly family: 4 | 6
  readonly value: bigint
}

export const ADDRESS_BITS = { 4: 32n, 6: 128n } as const

const DECIMAL_OCTET = /^(?:0|[1-9]\d{0,2})$/
const HEX_GROUP = /^[0-9a-f]{1,4}$/i
const GROUPS = 8

/**
 * Reads a textual IP address. IPv4 is dotted decimal alone (no octal, hex or short form); IPv6 is any form of
 * RFC 4291 §2.2, without zone. Null for everything else.
 */
export function parseAddress(text: string): Address | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** The IPv4 address in the low 32 bits, as translation prefixes embed it (RFC 6052 §2.2). */
export function embeddedIpv4(address: Address): Address {
  return { family: 4, value: BigInt.asUintN(32, address.value) }
}

function parseIpv4(text: string): Address | null {
  const octets = text.split('.')
  if (octets.length !== 4) return null
  let value = 0n
  for (const octet of octets) {
    if (!DECIMAL_OCTET.test(octet) || Number(octet) > 255) return null
    value = (value << 8n) | BigInt(octet)
  }
  return { family: 4, value }
}

function parseIpv6(text: string): Address | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : []
  if (head === null || tail === null) return null
  const missing = GROUPS - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail]
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | group, 0n) }
}

/** 16-bit groups; where `last`, the text may end in a dotted-decimal IPv4 address. */
function groupsOf(text: string, last: boolean): bigint[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const groups: bigint[] = []
  for (const [index, part] of parts.entries()) {
    if (HEX_GROUP.test(part)) {
      groups.push(BigInt(`0x${part}`))
      continue
    }
    const ipv4 = last && index === parts.length - 1 ? parseIpv4(part) : null
    if (ipv4 === null) return null
    groups.push(ipv4.value >> 16n, ipv4.value & 0xffffn)
  }
  return groups
}
