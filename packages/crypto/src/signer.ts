import type { JsonObject, Signer } from '@latchkey/core'
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { toUtf8 } from './encoding.ts'

/** RFC 8037 §3.1 registers it as `EdDSA`; RFC 9864 names the curve in the algorithm. */
const ALGORITHM = 'Ed25519'

/** Ed25519 signatures as compact JWS, with keys as JWK (RFC 8037). */
export const ed25519Signer: Signer = {
  async generate() {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
    const { kty, crv, x } = await exportJWK(publicKey)
    if (kty === undefined || crv === undefined || x === undefined) {
      throw new Error('Cannot export the signing key: the runtime gave an incomplete JWK')
    }
    return {
      publicJwk: { kty, crv, x, alg: ALGORITHM, use: 'sig' },
      privateJwk: JSON.stringify(await exportJWK(privateKey)),
    }
  },

  async sign(payload, privateJwk) {
    const key = await importJWK(privateKeyOf(privateJwk), ALGORITHM)
    return new CompactSign(toUtf8(payload)).setProtectedHeader({ alg: ALGORITHM }).sign(key)
  },

  async verify(jws, publicJwk) {
    try {
      const key = await importJWK(publicKeyOf(publicJwk), ALGORITHM)
      const { payload } = await compactVerify(jws, key, { algorithms: [ALGORITHM] })
      return new TextDecoder().decode(payload)
    } catch {
      return null
    }
  },
}

function publicKeyOf({ kty, crv, x }: JsonObject): JWK {
  if (kty !== 'OKP' || crv !== ALGORITHM || typeof x !== 'string') {
    throw new Error('Cannot import signing key: it is not an Ed25519 JWK')
  }
  return { kty, crv, x }
}

function privateKeyOf(text: string): JWK {
  const parsed: unknown = JSON.parse(text)
  const given = typeof parsed === 'object' && parsed !== null ? parsed : {}
  const { d, x } = { d: undefined, x: undefined, ...given }
  if (typeof d !== 'string' || typeof x !== 'string') {
    throw new Error('Cannot import signing key: it is not a private JWK')
  }
  return { kty: 'OKP', crv: ALGORITHM, d, x }
}
