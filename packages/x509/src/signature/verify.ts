import {
  type Bytes,
  EncodingError,
  membersOf,
  positiveInteger,
  readOnly,
  toBase64Url,
} from '@latchkey/crypto'
import type { EcKey, Key, RsaKey } from '../key/key.ts'
import { isAffordable } from '../key/limits.ts'
import { equalBytes } from '../read/bytes.ts'
import type { Scheme } from './scheme.ts'

/** Whether the signature over `data` is by this key. A key of another kind, or an unsound one, did not sign. */
export async function verifySignature(
  scheme: Scheme,
  key: Key,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  try {
    switch (scheme.kind) {
      case 'RSASSA-PKCS1-v1_5':
        return key.kind === 'RSA' && key.pss === undefined
          ? await verifyRsa(scheme, { name: scheme.kind }, key, signature, data)
          : false
      case 'RSA-PSS':
        return key.kind === 'RSA' && mayPss(key, scheme.parameters.raw)
          ? await verifyRsa(
              scheme,
              { name: scheme.kind, saltLength: scheme.saltLength },
              key,
              signature,
              data,
            )
          : false
      case 'ECDSA':
        return key.kind === 'EC' ? await verifyEc(scheme.hash, key, signature, data) : false
      case 'Ed25519':
        return key.kind === 'Ed25519' ? await verifyEd25519(key.x, signature, data) : false
    }
  } catch {
    // What is no key, such as a point off its curve, each runtime refuses by an error of its own: DataError,
    // OperationError or, on Deno, TypeError. Whatever it is, nothing was verified.
    return false
  }
}

/** RFC 4055 §3.3: a key that names parameters is for signatures with these alone. */
function mayPss({ pss }: RsaKey, parameters: Bytes): boolean {
  return pss?.parameters === undefined || equalBytes(pss.parameters, parameters)
}

async function verifyRsa(
  { kind, hash }: Extract<Scheme, { hash: unknown }>,
  algorithm: RsaPssParams | Algorithm,
  rsaKey: RsaKey,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  if (!isAffordable(rsaKey)) return false
  const { modulus, exponent } = rsaKey
  const jwk = { kty: 'RSA', n: toBase64Url(modulus), e: toBase64Url(exponent) }
  const key = await crypto.subtle.importKey('jwk', jwk, { name: kind, hash }, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, signature, data)
}

async function verifyEc(
  hash: string,
  { curve, x, y }: EcKey,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: curve.name }
  const jwk = { kty: 'EC', crv: curve.name, x: toBase64Url(x), y: toBase64Url(y) }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  const raw = rawSignature(signature, curve.octets)
  return crypto.subtle.verify({ name: 'ECDSA', hash }, key, raw, data)
}

/** Certificates have Ecdsa-Sig-Value (RFC 3279 §2.2.3), WebCrypto takes both numbers side by side. */
function rawSignature(signature: Bytes, octets: number): Bytes {
  const members = membersOf(readOnly(signature), 'Ecdsa-Sig-Value')
  if (members.length !== 2) throw new EncodingError('Ecdsa-Sig-Value is no pair')
  const raw = new Uint8Array(2 * octets)
  for (const [index, what] of ['r', 's'].entries()) {
    const number = positiveInteger(members[index], what)
    if (number.length > octets) throw new EncodingError(`${what} is too large`)
    raw.set(number, (index + 1) * octets - number.length)
  }
  return raw
}

async function verifyEd25519(x: Bytes, signature: Bytes, data: Bytes): Promise<boolean> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(x) }
  const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, signature, data)
}
