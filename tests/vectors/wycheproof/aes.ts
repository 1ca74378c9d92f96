import type { AeadFile, CipherFile } from './file.ts'
import { attempt, isSame, type Outcome, type Probe } from './probe.ts'

type Octets = Uint8Array<ArrayBuffer>

function decryption(
  algorithm: AesGcmParams | AesCbcParams,
  raw: Octets,
  sealed: Octets,
  plain: Octets,
): Promise<Outcome> {
  const { subtle } = crypto
  const importKey = (usage: 'encrypt' | 'decrypt') =>
    subtle.importKey('raw', raw, algorithm.name, false, [usage])
  return attempt(
    async () => {
      const opened = await subtle.decrypt(algorithm, await importKey('decrypt'), sealed)
      return isSame(new Uint8Array(opened), plain)
    },
    async () => subtle.encrypt(algorithm, await importKey('encrypt'), plain),
  )
}

/** Which lengths of keys, nonces and tags there are depends on the runtime. */
export function aeadProbes({ testGroups }: AeadFile): readonly Probe[] {
  return testGroups.flatMap(({ tagSize, tests }) =>
    tests.map(({ tcId, comment, result, key, iv, aad, msg, ct, tag }) => ({
      id: tcId,
      comment,
      expected: result,
      run: () => {
        const algorithm = { name: 'AES-GCM', iv, additionalData: aad, tagLength: tagSize }
        return decryption(algorithm, key, Uint8Array.of(...ct, ...tag), msg)
      },
    })),
  )
}

export function cipherProbes({ testGroups }: CipherFile): readonly Probe[] {
  return testGroups.flatMap(({ tests }) =>
    tests.map(({ tcId, comment, result, key, iv, msg, ct }) => ({
      id: tcId,
      comment,
      expected: result,
      run: () => decryption({ name: 'AES-CBC', iv }, key, ct, msg),
    })),
  )
}
