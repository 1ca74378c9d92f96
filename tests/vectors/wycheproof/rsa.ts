import { readKey, type Scheme, verifySignature } from '@latchkey/x509'
import type { EncryptionFile, SignatureFile } from './file.ts'
import { attempt, isSame, type Outcome, type Probe } from './probe.ts'

const HASHES = ['SHA-256', 'SHA-384', 'SHA-512'] as const

/** RSASSA-PKCS1-v1_5 as certificates are verified by it. */
export function signatureProbes({ testGroups }: SignatureFile): readonly Probe[] {
  return testGroups.flatMap(({ publicKeyDer, sha, tests }) => {
    const hash = HASHES.find((each) => each === sha)
    return tests.map(({ tcId, comment, result, msg, sig }) => ({
      id: tcId,
      comment,
      expected: result,
      run: async () => {
        if (hash === undefined) return 'unsupported'
        const scheme: Scheme = { kind: 'RSASSA-PKCS1-v1_5', hash }
        return attempt(() => verifySignature(scheme, readKey(publicKeyDer), sig, msg))
      },
    }))
  })
}

/** WebCrypto masks with the hash that it pads with: files that mix two are not supported. */
export function encryptionProbes({ testGroups }: EncryptionFile): readonly Probe[] {
  return testGroups.flatMap(({ privateKeyPkcs8, sha, mgfSha, tests }) =>
    tests.map(({ tcId, comment, result, msg, ct, label }) => ({
      id: tcId,
      comment,
      expected: result,
      run: async () =>
        sha === mgfSha ? decryption(privateKeyPkcs8, sha, label, ct, msg) : 'unsupported',
    })),
  )
}

type Octets = Uint8Array<ArrayBuffer>

function decryption(
  pkcs8: Octets,
  hash: string,
  label: Octets,
  sealed: Octets,
  plain: Octets,
): Promise<Outcome> {
  const { subtle } = crypto
  const algorithm = { name: 'RSA-OAEP', hash }
  const parameters = { name: 'RSA-OAEP', label }
  const importKey = () => subtle.importKey('pkcs8', pkcs8, algorithm, true, ['decrypt'])
  return attempt(
    async () => {
      const opened = await subtle.decrypt(parameters, await importKey(), sealed)
      return isSame(new Uint8Array(opened), plain)
    },
    async () => {
      const { kty, n, e } = await subtle.exportKey('jwk', await importKey())
      const jwk = { kty: kty ?? '', n: n ?? '', e: e ?? '' }
      const key = await subtle.importKey('jwk', jwk, algorithm, false, ['encrypt'])
      return subtle.encrypt(parameters, key, new Uint8Array())
    },
  )
}
