import {
  type Bytes,
  type DerElement,
  EncodingError,
  isNull,
  membersOf,
  objectIdentifier,
  positiveInteger,
  readOnly,
  TAG,
  wholeOctets,
} from '@latchkey/crypto'
import { readAlgorithm } from '../read/algorithm.ts'
import { KEY_ALGORITHM } from '../read/oid.ts'
import { type Curve, CURVES } from './curve.ts'

export interface RsaKey {
  readonly kind: 'RSA'
  /** Big-endian without leading zeros. */
  readonly modulus: Bytes
  readonly exponent: Bytes
  readonly bits: number
  /** Whether it is bound to RSASSA-PSS by its identifier, and with which parameters. */
  readonly pss: { readonly parameters: Bytes | undefined } | undefined
}

export interface EcKey {
  readonly kind: 'EC'
  readonly curve: Curve
  readonly x: Bytes
  readonly y: Bytes
}

export interface Ed25519Key {
  readonly kind: 'Ed25519'
  readonly x: Bytes
}

/** A key of an algorithm or on a curve that nothing is verified with here. */
export interface OtherKey {
  readonly kind: 'other'
  readonly oid: string
}

export type Key = RsaKey | EcKey | Ed25519Key | OtherKey

const ED25519_OCTETS = 32

/** Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). @throws EncodingError */
export function readKey(spki: Bytes): Key {
  const [algorithm, key, ...more] = membersOf(readOnly(spki), 'SubjectPublicKeyInfo')
  if (more.length > 0) throw new EncodingError('SubjectPublicKeyInfo has unknown members')
  const { oid, parameters } = readAlgorithm(algorithm, 'key algorithm')
  const octets = wholeOctets(key, 'subjectPublicKey')
  switch (oid) {
    case KEY_ALGORITHM.rsa:
      // RFC 3279 §2.3.1: NULL, and it has to be there.
      if (!isNull(parameters)) {
        throw new EncodingError('parameters of the RSA key are not NULL')
      }
      return readRsa(octets, undefined)
    case KEY_ALGORITHM.rsaPss:
      return readRsa(octets, { parameters: parameters?.raw })
    case KEY_ALGORITHM.ec:
      return readEc(octets, parameters)
    case KEY_ALGORITHM.ed25519:
      if (parameters !== undefined || octets.length !== ED25519_OCTETS) {
        throw new EncodingError('Ed25519 key is malformed')
      }
      return { kind: 'Ed25519', x: octets }
    default:
      return { kind: 'other', oid }
  }
}

/** The same, null where it is malformed. */
export function readKeyOrNull(spki: Bytes): Key | null {
  try {
    return readKey(spki)
  } catch (error) {
    if (error instanceof EncodingError) return null
    throw error
  }
}

/** RFC 8017 §A.1.1. */
function readRsa(octets: Bytes, pss: RsaKey['pss']): RsaKey {
  const [n, e, ...more] = membersOf(readOnly(octets), 'RSAPublicKey')
  if (more.length > 0) throw new EncodingError('RSAPublicKey has unknown members')
  const modulus = positiveInteger(n, 'modulus')
  const exponent = positiveInteger(e, 'exponent')
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24)
  return { kind: 'RSA', modulus, exponent, bits, pss }
}

/** An uncompressed point, the one form that everybody takes (RFC 5480 §2.2). */
const UNCOMPRESSED = 0x04

function readEc(octets: Bytes, parameters: DerElement | undefined): EcKey | OtherKey {
  // RFC 5480 §2.1.1: a curve by its name; explicit parameters let anybody choose the generator (CVE-2020-0601).
  if (parameters?.tag !== TAG.objectIdentifier) throw new EncodingError('curve has no name')
  const name = objectIdentifier(parameters, 'curve')
  const curve = CURVES.find(({ oid }) => oid === name)
  if (curve === undefined) return { kind: 'other', oid: name }
  if (octets[0] !== UNCOMPRESSED || octets.length !== 1 + 2 * curve.octets) {
    throw new EncodingError(`key is no uncompressed point on ${curve.name}`)
  }
  const half = 1 + curve.octets
  return { kind: 'EC', curve, x: octets.subarray(1, half), y: octets.subarray(half) }
}
