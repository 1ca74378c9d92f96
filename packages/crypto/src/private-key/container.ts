import type { Bytes } from '../bytes.ts'
import { type DerElement, readOnly, TAG } from '../der/element.ts'
import { membersOf } from '../der/values.ts'
import { KeyFormatError } from '../key-format-error.ts'

/** What DER of a private key is, with its members. */
export interface Container {
  readonly kind: ContainerKind
  readonly members: readonly DerElement[]
}

export type ContainerKind = 'pkcs8' | 'pkcs1' | 'sec1' | 'encrypted'

/** The labels of what a private key is read from (RFC 7468 §10 and §11, RFC 5915 §4, OpenSSL's PEM_read). */
export const LABELS: Readonly<Record<ContainerKind, string>> = {
  pkcs8: 'PRIVATEKEY',
  pkcs1: 'RSAPRIVATEKEY',
  sec1: 'ECPRIVATEKEY',
  encrypted: 'ENCRYPTEDPRIVATEKEY',
}

/** Tags that the members begin with. A DSA key is six integers; PKCS#12 begins like PKCS#8 and goes on otherwise. */
const SHAPES: readonly (readonly [ContainerKind, readonly number[]])[] = [
  ['pkcs8', [TAG.integer, TAG.sequence, TAG.octetString]],
  ['sec1', [TAG.integer, TAG.octetString]],
  ['pkcs1', Array.from({ length: 9 }, () => TAG.integer)],
  ['encrypted', [TAG.sequence, TAG.octetString]],
]

/**
 * Tells by its structure what DER is: labels are often wrong.
 * @throws KeyFormatError
 */
export function readContainer(der: Bytes): Container {
  const members = membersOf(readOnly(der), 'key')
  const shape = SHAPES.find(([, tags]) => tags.every((tag, at) => members[at]?.tag === tag))
  if (shape !== undefined) return { kind: shape[0], members }
  const begins = (...tags: readonly number[]) => tags.every((tag, at) => members[at]?.tag === tag)
  if (begins(TAG.integer, TAG.sequence)) throw new KeyFormatError('it is PKCS#12, expected PEM')
  throw new KeyFormatError('it is no private key of RSA, an elliptic curve or Ed25519')
}
