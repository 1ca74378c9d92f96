import { toBigInt, toOctets } from '../big-integer.ts'
import { type Bytes, concat } from '../bytes.ts'
import { type DerElement, readOnly, TAG } from '../der/element.ts'
import { contentOf, objectIdentifier, wholeOctets } from '../der/values.ts'
import { bitString, element } from '../der/write.ts'
import { constantTimeEqual } from '../digest.ts'
import { fromBase64Url } from '../encoding.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { type CurveParameters, CURVES, curveTitle } from './curves.ts'
import type { KeyHalves } from './material.ts'
import {
  encodePkcs8,
  FOREIGN_PUBLIC_KEY,
  isVersion,
  type PrivateKeyInfo,
  requireMembers,
  versionOf,
} from './pkcs8.ts'

/** id-ecPublicKey (RFC 5480 §2.1.1). */
export const EC_PUBLIC_KEY = '1.2.840.10045.2.1'

const EC_PUBLIC_KEY_OID = element(
  TAG.objectIdentifier,
  Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01),
)

/** `[0]` and `[1]`, both EXPLICIT (RFC 5915 §3). */
const PARAMETERS = TAG.explicit0
const PUBLIC_KEY = 0xa1

/** What points begin with (SEC 1 §2.3.3, X9.62 §4.3.6); odd and even stand for that of y. */
const UNCOMPRESSED = 4
const COMPRESSED = 2
const HYBRID = 6

/** What PKCS#8 tells of the key outside of it. */
type Outside = Pick<PrivateKeyInfo, 'parameters' | 'publicKey'>

/**
 * Reads and proves an ECPrivateKey (RFC 5915 §3).
 * @throws KeyFormatError where it is not strict DER, its curve is not one of NIST's three, or its public key is not
 * its own
 */
export async function readEc(
  members: readonly DerElement[],
  outside: Outside = { parameters: undefined, publicKey: null },
): Promise<KeyHalves> {
  const [version, privateKey, ...optional] = members
  if (!isVersion(version, 1)) throw new KeyFormatError('its version of ECPrivateKey is unknown')
  const inside = optional.find(({ tag }) => tag === PARAMETERS)
  const point = optional.find(({ tag }) => tag === PUBLIC_KEY)
  requireMembers(optional, [inside, point], 'ECPrivateKey')
  const told = inside === undefined ? undefined : readOnly(inside.content)
  const curve = readCurve(outside.parameters, told)
  const scalar = readScalar(contentOf(privateKey, TAG.octetString, 'private key'), curve)
  const computed = await computePoint(scalar, curve)
  if (point !== undefined) {
    requireSpelling(computed, wholeOctets(readOnly(point.content), 'public key'))
  }
  if (outside.publicKey !== null) requireSpelling(computed, outside.publicKey)
  return {
    algorithm: { type: 'EC', curve: curve.curve },
    pkcs8: encodeEc(scalar, curve, element(PUBLIC_KEY, bitString(computed))),
    spki: element(TAG.sequence, algorithmOf(curve), bitString(computed)),
  }
}

function readCurve(
  outside: DerElement | undefined,
  inside: DerElement | undefined,
): CurveParameters {
  const [told, ...more] = [outside, inside].filter((each) => each !== undefined)
  if (told === undefined) throw new KeyFormatError('its curve is not told')
  if (told.tag === TAG.sequence) {
    throw new KeyFormatError('its curve is told by parameters, expected its name')
  }
  const oid = objectIdentifier(told, 'curve')
  const curve = CURVES.get(oid)
  if (curve === undefined) {
    throw new KeyFormatError(`its curve is ${curveTitle(oid)}, expected P-256, P-384 or P-521`)
  }
  if (more.some((other) => !constantTimeEqual(other.content, told.content))) {
    throw new KeyFormatError('it tells of two curves')
  }
  return curve
}

/** The octets are as many as the curve has (RFC 5915 §3), but some writers drop leading zeros. */
function readScalar(octets: Bytes, { octets: length, order }: CurveParameters): Bytes {
  if (octets.length > length) throw new KeyFormatError('private key is too long for its curve')
  const scalar = toBigInt(octets)
  if (scalar === 0n || scalar >= order) throw new KeyFormatError('private key is out of range')
  return toOctets(scalar, length)
}

/**
 * The uncompressed point that belongs to the scalar. WebCrypto computes it where the key has none; one that is
 * there would be taken unchecked on Deno.
 */
async function computePoint(scalar: Bytes, curve: CurveParameters): Promise<Bytes> {
  const algorithm = { name: 'ECDSA', namedCurve: curve.curve }
  const pkcs8 = encodeEc(scalar, curve)
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  pkcs8.fill(0)
  const { x, y } = await crypto.subtle.exportKey('jwk', key)
  const coordinates = [x, y].map((coordinate) => fromBase64Url(coordinate ?? ''))
  if (coordinates.some((coordinate) => coordinate?.length !== curve.octets)) {
    throw new Error('Cannot compute public key: the runtime gave an incomplete JWK')
  }
  return concat(Uint8Array.of(UNCOMPRESSED), ...coordinates.filter((each) => each !== null))
}

/** @throws KeyFormatError where a point is told that is another one than the key's own */
function requireSpelling(computed: Bytes, told: Bytes): void {
  if (!spellingsOf(computed).some((spelling) => constantTimeEqual(spelling, told))) {
    throw new KeyFormatError(FOREIGN_PUBLIC_KEY)
  }
}

function spellingsOf(uncompressed: Bytes): readonly Bytes[] {
  const odd = (uncompressed.at(-1) ?? 0) % 2
  const coordinates = uncompressed.subarray(1)
  return [
    uncompressed,
    concat(Uint8Array.of(COMPRESSED + odd), coordinates.subarray(0, coordinates.length / 2)),
    concat(Uint8Array.of(HYBRID + odd), coordinates),
  ]
}

function encodeEc(scalar: Bytes, curve: CurveParameters, ...publicKey: readonly Bytes[]): Bytes {
  const key = element(TAG.sequence, versionOf(1), element(TAG.octetString, scalar), ...publicKey)
  return encodePkcs8(algorithmOf(curve), key)
}

function algorithmOf({ oid }: CurveParameters): Bytes {
  return element(TAG.sequence, EC_PUBLIC_KEY_OID, element(TAG.objectIdentifier, oid))
}
