import { describe, expect, test } from 'vitest'
import { readWycheproof } from './file.ts'
import { scoreWycheproof } from './score.ts'

/** The files that are run; each is what Latchkey's own cryptography rests on. */
export const FILES = [
  'wycheproof-rsa_signature_2048_sha256_test.json',
  'wycheproof-rsa_oaep_2048_sha256_mgf1sha256_test.json',
  'wycheproof-aes_gcm_test.json',
  'wycheproof-aes_cbc_pkcs5_test.json',
  'wycheproof-hmac_sha256_test.json',
] as const

/** What a runtime may lack: nonces of AES-GCM of unusual length, which Latchkey never uses. */
const UNSUPPORTED = /IV|^\d+ \(no comment\)$/

/**
 * Deno reads labels of RSA-OAEP as text and so refuses ciphertexts whose label is none. It errs on the safe side, and
 * Latchkey has no labels.
 */
const BINARY_LABEL = /em (represents|has).*: refused, expected valid$/

/** Runs the files of Wycheproof; a text is null where its file is not there. */
export function wycheproofSuite(texts: ReadonlyMap<string, string | null>): void {
  describe('Wycheproof', () => {
    for (const [name, text] of texts) {
      test.skipIf(text === null)(
        `finds the runtime right on ${name} (needs the outside vectors)`,
        async () => {
          const score = await scoreWycheproof(readWycheproof(text ?? ''))
          expect(score.wrong.filter((line) => !BINARY_LABEL.test(line))).toEqual([])
          expect(score.unsupported.filter((line) => !UNSUPPORTED.test(line))).toEqual([])
          expect(score.right).toBeGreaterThan(score.unsupported.length)
        },
      )
    }
  })
}
