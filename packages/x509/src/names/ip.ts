import type { Bytes } from '@latchkey/crypto'
import { equalBytes } from '../read/bytes.ts'

const IPV4_OCTETS = 4
const IPV6_OCTETS = 16

/** Whether the octets of an iPAddress are an address (RFC 5280 §4.2.1.6). */
export function isAddress(octets: Uint8Array): boolean {
  return octets.length === IPV4_OCTETS || octets.length === IPV6_OCTETS
}

/**
 * Whether they are an address and a mask whose ones all come first (RFC 5280 §4.2.1.10, RFC 4632 §3.1).
 */
export function isRange(octets: Uint8Array): boolean {
  if (octets.length !== 2 * IPV4_OCTETS && octets.length !== 2 * IPV6_OCTETS) return false
  const bits = Array.from(octets.subarray(octets.length / 2), (octet) =>
    octet.toString(2).padStart(8, '0'),
  )
  return /^1*0*$/.test(bits.join(''))
}

/** Whether an address lies in a range; one of the other version never does. */
export function isWithinRange(address: Uint8Array, range: Uint8Array): boolean {
  const half = range.length / 2
  if (address.length !== half) return false
  return address.every((octet, index) => {
    const mask = range[half + index] ?? 0
    return (octet & mask) === ((range[index] ?? 0) & mask)
  })
}

export function isSameAddress(a: Uint8Array, b: Uint8Array): boolean {
  return isAddress(a) && equalBytes(a, b)
}

/** The octets of an address in text; null where it is none. Leading zeros are refused: some read them as octal. */
export function parseAddress(text: string): Bytes | null {
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

function parseV4(text: string): Bytes | null {
  const parts = text.split('.')
  const valid = parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  return valid && parts.length === IPV4_OCTETS ? Uint8Array.from(parts, Number) : null
}

const V6_GROUPS = 8

function parseV6(text: string): Bytes | null {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return null
  const before = groupsOf(head, tail === undefined)
  const after = tail === undefined ? [] : groupsOf(tail, true)
  if (before === null || after === null) return null
  const gap = V6_GROUPS - before.length - after.length
  if (tail === undefined ? gap !== 0 : gap < 1) return null
  const groups = [...before, ...Array.from({ length: gap }, () => 0), ...after]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** Groups of 16 bits; the last two may be an IPv4 address (RFC 4291 §2.2). */
function groupsOf(text: string, last: boolean): readonly number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    const v4 = last && index === parts.length - 1 && part.includes('.') ? parseV4(part) : null
    if (v4 !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = v4
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[\da-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return null
    }
  }
  return groups
}

/** An address in its one canonical text: dotted decimal, or RFC 5952 §4. */
export function formatAddress(octets: Uint8Array): string {
  if (octets.length === IPV4_OCTETS) return octets.join('.')
  const groups = Array.from({ length: V6_GROUPS }, (_, index) =>
    ((octets[2 * index] ?? 0) * 256 + (octets[2 * index + 1] ?? 0)).toString(16),
  )
  const { start, length } = longestZeros(groups)
  // RFC 5952 §4.2.2: a single group of zeros is not shortened.
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

/** The longest run of zero groups, the first of several. */
function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let start = 0
  groups.forEach((group, index) => {
    if (group !== '0') start = index + 1
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start }
  })
  return longest
}
