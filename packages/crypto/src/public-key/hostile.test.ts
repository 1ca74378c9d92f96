import { seededRandom } from '@latchkey/core/testing'
import { describe, expect, test } from 'vitest'
import { toBase64 } from '../encoding.ts'
import { encodePem } from '../pem/write.ts'
import { failureOf } from '../testing/faults.ts'
import { CERTIFICATE, FINGERPRINT, PKCS1, SPKI, TRUSTED_CERTIFICATE } from '../testing/fixtures.ts'
import { patched, SPKI_DER } from '../testing/spki.ts'
import { importPublicKey, MAX_KEY_TEXT, readPublicKey } from './import.ts'

const random = seededRandom(20_260_101)
const filled = (piece: string) => piece.repeat(Math.floor(MAX_KEY_TEXT / piece.length))
const below = (limit: number) => Math.floor(random.fraction() * limit)

describe('importPublicKey() under mutation', () => {
  // Whoever can flip a bit on the way must not get another key published under the old fingerprint.
  test('takes a key with one bit flipped only as the other key that it then is', async () => {
    for (const [at, octet] of SPKI_DER.entries()) {
      const flipped = patched(SPKI_DER, at, octet ^ (1 << below(8)))
      const key = await readPublicKey(encodePem('PUBLIC KEY', flipped))
      if (key === null) continue
      expect(key.pem).toBe(encodePem('PUBLIC KEY', flipped))
      expect(key.fingerprint).not.toBe(FINGERPRINT)
    }
  })

  test('refuses every truncation of the DER', async () => {
    for (let length = 0; length < SPKI_DER.length; length++) {
      const cut = SPKI_DER.subarray(0, length)
      expect(await readPublicKey(encodePem('PUBLIC KEY', cut))).toBeNull()
      expect(await readPublicKey(toBase64(cut))).toBeNull()
    }
  })

  test('refuses every truncation of the text but that of its last line break', async () => {
    for (let length = 0; length < SPKI.length - 2; length += 1 + below(4)) {
      const key = await readPublicKey(SPKI.slice(0, length))
      // A shorter run of dashes is an armour line still.
      if (key !== null) expect(SPKI.slice(0, length)).toMatch(/-----END PUBLIC KEY-+$/)
    }
  })

  test('fails as a fault, or gives a canonical key, on any damage', async () => {
    const sources = [SPKI, PKCS1, CERTIFICATE, TRUSTED_CERTIFICATE]
    const characters = [
      '-',
      '\n',
      '\\',
      '"',
      ' ',
      '=',
      ':',
      'A',
      '\0',
      '\uD800',
      '\u2028',
      '\uFEFF',
    ]
    for (let round = 0; round < 600; round++) {
      let text = sources[below(sources.length)] ?? ''
      for (let edits = 1 + below(4); edits > 0; edits--) {
        const at = below(text.length)
        const insert = characters[below(characters.length)] ?? ''
        text = text.slice(0, at) + insert + text.slice(at + below(3))
      }
      const key = await readPublicKey(text)
      if (key !== null)
        expect(await importPublicKey(key.pem)).toMatchObject({ ...key, repairs: [] })
    }
  })
})

// Texts that cost quadratic time where a pattern backtracks or a search starts over.
describe('importPublicKey() ends soon on', () => {
  test.each([
    ['dashes', '-'],
    ['dashes and letters', '-a'],
    ['backslashes', '\\'],
    ['BEGIN lines', '-----BEGIN A-----'],
    ['words in dashes', '- BEGIN  '],
    ['starts of DER', 'MI='],
    ['starts of DER before spaces', 'MI    '],
    ['quotes', '"'],
    ['quoted letters', '"d" '],
    ['padding', '=====A'],
    ['colons', ':\n'],
    ['letters', 'BEGIN'],
    ['private words cut off', 'PRIVATEKE'],
    ['nested DER', 'MIIB'],
  ])('%s', async (_, piece) => {
    expect(await failureOf(importPublicKey(filled(piece)))).toMatch(/^key_/)
  })

  test.each([
    ['blank lines', '\n'],
    ['header lines', 'a: b\n'],
    ['spaces', ' '],
    ['zero-width spaces', '\u200B'],
  ])('%s inside a block', async (_, piece) => {
    const padding = filled(piece).slice(SPKI.length)
    const text = SPKI.replace('-----\n', `-----\n${padding}\n`)
    expect(await failureOf(importPublicKey(text))).toMatch(/^(key_invalid|no failure)/)
  })
})
