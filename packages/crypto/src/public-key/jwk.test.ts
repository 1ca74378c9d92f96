import { expect, test } from 'vitest'
import { toBase64Url } from '../encoding.ts'
import { FINGERPRINT, SPKI } from '../testing/fixtures.ts'
import { NUMBERS, SPKI_DER } from '../testing/spki.ts'
import { exportJwk } from './jwk.ts'

const RSA_OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' }

test('exportJwk() writes both numbers as RFC 7518 §6.3.1 has them', async () => {
  expect(await exportJwk({ pem: SPKI, fingerprint: FINGERPRINT })).toEqual({
    kty: 'RSA',
    n: toBase64Url(NUMBERS.modulus),
    e: 'AQAB',
    use: 'enc',
    alg: 'RSA-OAEP-256',
    kid: FINGERPRINT,
  })
})

test('exportJwk() gives what WebCrypto takes for the same key', async () => {
  const { kid, ...jwk } = await exportJwk({ pem: SPKI, fingerprint: FINGERPRINT })
  expect(kid).toBe(FINGERPRINT)
  const key = await crypto.subtle.importKey('jwk', jwk, RSA_OAEP, true, ['encrypt'])
  expect(new Uint8Array(await crypto.subtle.exportKey('spki', key))).toEqual(SPKI_DER)
})
