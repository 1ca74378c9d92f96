import { expect, test } from 'vitest'
import { ed25519Signer } from './signer.ts'

test('ed25519Signer verifies what it signed, and gives the payload back', async () => {
  const { publicJwk, privateJwk } = await ed25519Signer.generate()
  const jws = await ed25519Signer.sign('a payload', privateJwk)
  expect(await ed25519Signer.verify(jws, publicJwk)).toBe('a payload')
})

test('ed25519Signer gives a public JWK without the private part', async () => {
  const { publicJwk } = await ed25519Signer.generate()
  expect(Object.keys(publicJwk).toSorted()).toEqual(['alg', 'crv', 'kty', 'use', 'x'])
})

test('ed25519Signer refuses another key, an altered payload and an altered signature', async () => {
  const one = await ed25519Signer.generate()
  const other = await ed25519Signer.generate()
  const jws = await ed25519Signer.sign('a payload', one.privateJwk)
  const [header = '', , signature = ''] = jws.split('.')
  expect(await ed25519Signer.verify(jws, other.publicJwk)).toBeNull()
  expect(await ed25519Signer.verify(`${header}.YW5vdGhlcg.${signature}`, one.publicJwk)).toBeNull()
  expect(await ed25519Signer.verify(`${jws.slice(0, -8)}AAAAAAAA`, one.publicJwk)).toBeNull()
})

// Whoever can choose the algorithm could choose none at all.
test('ed25519Signer refuses an unsigned JWS', async () => {
  const { publicJwk } = await ed25519Signer.generate()
  expect(await ed25519Signer.verify('eyJhbGciOiJub25lIn0.YQ.', publicJwk)).toBeNull()
})
