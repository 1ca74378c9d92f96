import type { Bytes } from '../bytes.ts'
import { type DerElement, TAG } from '../der/element.ts'
import { positiveInteger } from '../der/values.ts'
import { element, integer } from '../der/write.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { RSA_ENCRYPTION_DER } from '../public-key/algorithms.ts'
import { encodeSpki } from '../public-key/rsa.ts'
import { MODULUS_BITS, requireSound } from '../public-key/soundness.ts'
import type { KeyHalves } from './material.ts'
import { encodePkcs8, isVersion, versionOf } from './pkcs8.ts'
import { requireConsistent, type RsaPrivateNumbers } from './rsa-consistency.ts'

/**
 * Reads and proves an RSAPrivateKey (RFC 8017 §A.1.2).
 * @throws KeyFormatError where it is not strict DER of two primes, or its numbers do not belong together
 */
export function readRsa(members: readonly DerElement[]): KeyHalves {
  const numbers = readNumbers(members)
  const modulusBits = requireConsistent(numbers)
  // What is published has to be sound in every way.
  if (modulusBits === MODULUS_BITS) requireSound(numbers)
  return {
    algorithm: { type: 'RSA', modulusBits },
    pkcs8: encodePkcs8(RSA_ENCRYPTION_DER, encodePkcs1(numbers)),
    spki: encodeSpki(numbers),
  }
}

function readNumbers(members: readonly DerElement[]): RsaPrivateNumbers {
  const [version, n, e, d, p, q, dP, dQ, qInv, ...more] = members
  if (isVersion(version, 1)) throw new KeyFormatError('it is an RSA key of more than two primes')
  if (!isVersion(version, 0)) throw new KeyFormatError('its version of RSAPrivateKey is unknown')
  if (more.length > 0) throw new KeyFormatError('RSAPrivateKey has trailing bytes')
  return {
    modulus: positiveInteger(n, 'modulus'),
    exponent: positiveInteger(e, 'exponent'),
    privateExponent: positiveInteger(d, 'private exponent'),
    firstPrime: positiveInteger(p, 'first prime'),
    secondPrime: positiveInteger(q, 'second prime'),
    firstExponent: positiveInteger(dP, 'first CRT exponent'),
    secondExponent: positiveInteger(dQ, 'second CRT exponent'),
    coefficient: positiveInteger(qInv, 'CRT coefficient'),
  }
}

function encodePkcs1(numbers: RsaPrivateNumbers): Bytes {
  return element(
    TAG.sequence,
    versionOf(0),
    integer(numbers.modulus),
    integer(numbers.exponent),
    integer(numbers.privateExponent),
    integer(numbers.firstPrime),
    integer(numbers.secondPrime),
    integer(numbers.firstExponent),
    integer(numbers.secondExponent),
    integer(numbers.coefficient),
  )
}
