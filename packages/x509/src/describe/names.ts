import { toHex } from '@latchkey/crypto'
import { formatAddress, isAddress, isRange } from '../names/ip.ts'
import { nameText } from '../names/text.ts'
import type { GeneralName } from '../read/general-name.ts'

/** A name of a certificate, its value as people write it. */
export interface DescribedName {
  readonly type: GeneralName['kind']
  readonly value: string
}

export function describeName(name: GeneralName): DescribedName {
  return { type: name.kind, value: valueOf(name) }
}

function valueOf(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return name.text
    case 'ip':
      return addressText(name.octets)
    case 'directory':
      return nameText(name.name)
    case 'other':
      return name.oid
    case 'x400':
    case 'ediParty':
      return ''
  }
}

/** An address, a range as `192.0.2.0/24`, or what is neither in hex. */
function addressText(octets: Uint8Array): string {
  if (isAddress(octets)) return formatAddress(octets)
  if (!isRange(octets)) return `#${toHex(octets)}`
  const half = octets.length / 2
  const ones = octets.subarray(half).reduce((sum, octet) => sum + onesOf(octet), 0)
  return `${formatAddress(octets.subarray(0, half))}/${ones}`
}

function onesOf(octet: number): number {
  return octet.toString(2).replaceAll('0', '').length
}
