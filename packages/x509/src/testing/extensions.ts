import type { Bytes } from '@latchkey/crypto'
import { KEY_USAGES, type KeyUsage } from '../read/extensions/usage.ts'
import { EXTENSION } from '../read/oid.ts'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
} from './der.ts'

/** An extension in DER: its name as in EXTENSION or its OID, the DER inside, and whether it is critical. */
export function extension(name: string, value: Uint8Array, critical = false): Bytes {
  const type = Object.entries(EXTENSION).find(([key]) => key === name)?.[1] ?? name
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value))
}

export function basicConstraints(ca: boolean, pathLength?: number): Bytes {
  return sequence(
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  )
}

export function keyUsage(...usages: readonly KeyUsage[]): Bytes {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage))
  const last = Math.max(...bits)
  const octets = new Uint8Array(Math.floor(last / 8) + 1)
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return bitString(octets, 7 - (last & 7))
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

export const extendedKeyUsage = (...usages: readonly string[]): Bytes =>
  sequence(...usages.map((usage) => oid(usage)))

export const generalNames = (...names: readonly Uint8Array[]): Bytes => sequence(...names)

export function nameConstraints(
  permitted: readonly Uint8Array[],
  excluded: readonly Uint8Array[] = [],
): Bytes {
  return sequence(...subtrees(0, permitted), ...subtrees(1, excluded))
}

function subtrees(number: number, names: readonly Uint8Array[]): readonly Bytes[] {
  return names.length === 0 ? [] : [explicit(number, ...names.map((name) => sequence(name)))]
}

export const authorityKeyIdentifier = (keyIdentifier: Uint8Array): Bytes =>
  sequence(implicit(0, keyIdentifier))
