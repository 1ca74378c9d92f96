import type { Bytes } from '../bytes.ts'
import { bitString, element, integer } from '../der/write.ts'
import { type DerElement, readOnly, TAG } from '../der/element.ts'
import { isNull, membersOf, objectIdentifier, positiveInteger, wholeOctets } from '../der/values.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { algorithmTitle, RSA_ENCRYPTION, RSA_ENCRYPTION_DER } from './algorithms.ts'

/** An RSA public key as its two numbers, big-endian without leading zeros. */
export interface RsaNumbers {
  readonly modulus: Bytes
  readonly exponent: Bytes
}

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) that holds an RSA key.
 * @throws KeyFormatError where it is not strict DER or its algorithm is not rsaEncryption with NULL parameters
 */
export function readSpki(spki: DerElement | undefined): RsaNumbers {
  const [algorithm, subjectPublicKey, ...more] = membersOf(spki, 'SubjectPublicKeyInfo')
  if (more.length > 0) throw new KeyFormatError('SubjectPublicKeyInfo has trailing bytes')
  const [identifier, parameters, ...others] = membersOf(algorithm, 'algorithm')
  const oid = objectIdentifier(identifier, 'algorithm identifier')
  if (oid !== RSA_ENCRYPTION) {
    throw new KeyFormatError(`its algorithm is ${algorithmTitle(oid)}, expected RSA`)
  }
  // RFC 3279 §2.3.1: NULL, and it MUST be there; two spellings of one key would have two fingerprints.
  if (!isNull(parameters) || others.length > 0) {
    throw new KeyFormatError('its RSA algorithm parameters are not NULL')
  }
  return readPkcs1(readOnly(wholeOctets(subjectPublicKey, 'subjectPublicKey')))
}

/** Reads an RSAPublicKey (RFC 8017 §A.1.1). @throws KeyFormatError where it is not strict DER */
export function readPkcs1(key: DerElement): RsaNumbers {
  const [modulus, exponent, ...more] = membersOf(key, 'RSAPublicKey')
  if (more.length > 0) throw new KeyFormatError('RSAPublicKey has trailing bytes')
  return {
    modulus: positiveInteger(modulus, 'modulus'),
    exponent: positiveInteger(exponent, 'exponent'),
  }
}

/** Writes the one DER form of the key's SubjectPublicKeyInfo. */
export function encodeSpki({ modulus, exponent }: RsaNumbers): Bytes {
  const key = element(TAG.sequence, integer(modulus), integer(exponent))
  return element(TAG.sequence, RSA_ENCRYPTION_DER, bitString(key))
}
