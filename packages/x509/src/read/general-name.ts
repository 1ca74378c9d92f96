import { type Bytes, EncodingError } from '@latchkey/crypto'
import { bytesOf } from './bytes.ts'
import { type Name, nameOf } from './name.ts'
import type { GeneralNameSchema } from './schemas/general-name.ts'

/** A GeneralName (RFC 5280 §4.2.1.6), its value as it stands: what is a sound one is judged elsewhere. */
export type GeneralName =
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'email'; readonly text: string }
  | { readonly kind: 'uri'; readonly text: string }
  /** An address, or in name constraints an address and its mask. */
  | { readonly kind: 'ip'; readonly octets: Bytes }
  | { readonly kind: 'directory'; readonly name: Name }
  /** `oid` is the type of an otherName, or the registeredID itself. */
  | { readonly kind: 'other'; readonly oid: string }
  | { readonly kind: 'x400' }
  | { readonly kind: 'ediParty' }

export type NameKind = GeneralName['kind']

/** @throws EncodingError where a text is not ASCII */
export function generalNameOf(read: GeneralNameSchema): GeneralName {
  const { dNSName, rfc822Name, uniformResourceIdentifier, iPAddress, directoryName } = read
  if (dNSName !== undefined) return { kind: 'dns', text: ascii(dNSName) }
  if (rfc822Name !== undefined) return { kind: 'email', text: ascii(rfc822Name) }
  if (uniformResourceIdentifier !== undefined) {
    return { kind: 'uri', text: ascii(uniformResourceIdentifier) }
  }
  if (iPAddress !== undefined) return { kind: 'ip', octets: bytesOf(iPAddress) }
  if (directoryName !== undefined) {
    return { kind: 'directory', name: nameOf(directoryName, 'directoryName') }
  }
  if (read.x400Address !== undefined) return { kind: 'x400' }
  if (read.ediPartyName !== undefined) return { kind: 'ediParty' }
  const oid = read.registeredID ?? read.otherName?.typeId
  if (oid === undefined) throw new EncodingError('GeneralName is of an unknown type')
  return { kind: 'other', oid }
}

const BEYOND_ASCII = /[^\p{ASCII}]/u

/** IMPLICIT tags hide from a walk through DER that these are of IA5String. */
function ascii(text: string): string {
  if (BEYOND_ASCII.test(text)) throw new EncodingError('GeneralName is not ASCII')
  return text
}
