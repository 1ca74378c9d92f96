import { expect, test } from 'vitest'
import { rsaKeyMaker } from './key-maker.ts'
import { importPrivateKey } from './private-key/import.ts'
import { importPublicKey } from './public-key/import.ts'

test('rsaKeyMaker makes pairs that our own readers take as they are', async () => {
  const { publicKey, privateKey } = await rsaKeyMaker.generate()
  expect(await importPublicKey(publicKey.pem)).toEqual({ ...publicKey, repairs: [] })
  const read = await importPrivateKey(privateKey)
  expect(read).toMatchObject({ publicKey, repairs: [] })
  expect(read.algorithm).toEqual({ type: 'RSA', modulusBits: 2048 })
  const other = await rsaKeyMaker.generate()
  expect(other.publicKey.fingerprint).not.toBe(publicKey.fingerprint)
})
