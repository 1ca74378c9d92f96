import type { Bytes } from '../bytes.ts'
import { type DerElement, TAG } from '../der/element.ts'
import { contentOf, membersOf, objectIdentifier, wholeOctets } from '../der/values.ts'
import { element } from '../der/write.ts'
import { KeyFormatError } from '../key-format-error.ts'

/** A PrivateKeyInfo (RFC 5208 §5) or OneAsymmetricKey (RFC 5958 §2), its key not yet understood. */
export interface PrivateKeyInfo {
  readonly algorithm: string
  readonly parameters: DerElement | undefined
  readonly privateKey: Bytes
  readonly hasAttributes: boolean
  /** As it stands in the BIT STRING of SubjectPublicKeyInfo; seldom there. */
  readonly publicKey: Bytes | null
}

export const FOREIGN_PUBLIC_KEY = 'its public key is not that of its private key'

/** `[0] IMPLICIT SET` and `[1] IMPLICIT BIT STRING`. */
const ATTRIBUTES = 0xa0
const PUBLIC_KEY = 0x81

/** @throws KeyFormatError where it is not strict DER of version 0 or 1 */
export function readPkcs8(members: readonly DerElement[]): PrivateKeyInfo {
  const [version, algorithm, privateKey, ...optional] = members
  if (!isVersion(version, 0) && !isVersion(version, 1)) {
    throw new KeyFormatError('its version of PrivateKeyInfo is unknown')
  }
  const [identifier, parameters, ...more] = membersOf(algorithm, 'algorithm')
  if (more.length > 0) throw new KeyFormatError('algorithm has trailing bytes')
  const attributes = optional.find(({ tag }) => tag === ATTRIBUTES)
  const publicKey = optional.find(({ tag }) => tag === PUBLIC_KEY)
  requireMembers(optional, [attributes, publicKey], 'PrivateKeyInfo')
  return {
    algorithm: objectIdentifier(identifier, 'algorithm identifier'),
    parameters,
    privateKey: contentOf(privateKey, TAG.octetString, 'private key'),
    hasAttributes: attributes !== undefined,
    publicKey: publicKey === undefined ? null : readPublicKey(publicKey),
  }
}

function readPublicKey({ content }: DerElement): Bytes {
  return wholeOctets({ tag: TAG.bitString, content }, 'public key')
}

/**
 * Refuses members beside those that were found, or in another order.
 * @throws KeyFormatError
 */
export function requireMembers(
  members: readonly DerElement[],
  found: readonly (DerElement | undefined)[],
  what: string,
): void {
  const known = found.filter((member) => member !== undefined)
  if (members.length !== known.length || members.some((member, at) => member !== known[at])) {
    throw new KeyFormatError(`${what} has unknown members`)
  }
}

/** Whether the element is the INTEGER of this version. */
export function isVersion(found: DerElement | undefined, version: number): boolean {
  return found?.tag === TAG.integer && found.content.join() === `${version}`
}

/** Writes the one DER form of PrivateKeyInfo: version 0, no attributes. */
export function encodePkcs8(algorithm: Bytes, privateKey: Bytes): Bytes {
  return element(TAG.sequence, versionOf(0), algorithm, element(TAG.octetString, privateKey))
}

/** The INTEGER of a version. */
export function versionOf(version: number): Bytes {
  return element(TAG.integer, Uint8Array.of(version))
}
