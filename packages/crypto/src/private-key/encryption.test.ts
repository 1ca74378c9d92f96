import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../public-key/spki.ts'
import { failureOf } from '../testing/faults.ts'
import { ENCRYPTED } from '../testing/throw-away-encrypted-keys.ts'
import { FINGERPRINTS, PASSPHRASE } from '../testing/throw-away-keys.ts'
import { EMPTY, UNICODE, UNICODE_PASSPHRASE, UNSUPPORTED } from '../testing/throw-away-odd-keys.ts'
import { RSA_ENCRYPTED, RSA_FINGERPRINT } from '../testing/throw-away-rsa-keys.ts'
import { importPrivateKey } from './import.ts'

const REFUSED = 'key_invalid: Cannot import private key: '
const MISSING = `${REFUSED}it is encrypted, and no passphrase was given`
const WRONG = `${REFUSED}the passphrase does not open it, or its encrypted content is damaged`

const LEGACY = ENCRYPTED['ec -aes256'] ?? ''
const PBES2 = ENCRYPTED['pkcs8 -topk8 -v2 aes-256-cbc'] ?? ''

/** The fingerprint, then the repairs. */
async function readingOf(text: string, passphrase: string) {
  const { spki, repairs } = await importPrivateKey(text, { passphrase })
  return [await fingerprintOf(spki), ...repairs.map(({ code }) => code)]
}

const conversionOf = (command: string) =>
  /^(ec|rsa -traditional) /.test(command)
    ? [`converted_from_${command.startsWith('ec') ? 'ec' : 'rsa'}_private_key`]
    : []

describe('importPrivateKey() opens what OpenSSL encrypted with', () => {
  test.each(Object.entries(ENCRYPTED))('%s', async (command, text) => {
    expect(await readingOf(text, PASSPHRASE)).toEqual([
      FINGERPRINTS['P-256'],
      ...conversionOf(command),
    ])
  })

  test.each(Object.entries(RSA_ENCRYPTED))('%s', async (command, text) => {
    expect(await readingOf(text, PASSPHRASE)).toEqual([RSA_FINGERPRINT, ...conversionOf(command)])
  })

  test.each(Object.entries(UNICODE))('%s and a passphrase in Unicode', async (command, text) => {
    expect(await readingOf(text, UNICODE_PASSPHRASE)).toEqual([
      FINGERPRINTS['P-256'],
      ...conversionOf(command),
    ])
  })

  test.each(Object.entries(EMPTY))('%s and an empty passphrase', async (_, text) => {
    expect(await readingOf(text, '')).toEqual([FINGERPRINTS['P-256']])
  })
})

describe('importPrivateKey() with another passphrase', () => {
  const all = Object.entries({ ...ENCRYPTED, ...RSA_ENCRYPTED })

  test.each(all)('says so of %s', async (_, text) => {
    for (const passphrase of ['', 'throw-awaY', `${PASSPHRASE} `]) {
      expect(await failureOf(importPrivateKey(text, { passphrase }))).toBe(WRONG)
    }
  })

  test.each(all)('asks for one, of %s', async (_, text) => {
    expect(await failureOf(importPrivateKey(text))).toBe(MISSING)
  })

  test.each(Object.entries(EMPTY))(
    'does not take none for an empty one, of %s',
    async (_, text) => {
      expect(await failureOf(importPrivateKey(text))).toBe(MISSING)
    },
  )

  test.each([
    ['a lone surrogate', '\uD800', 'the passphrase is not valid Unicode'],
    ['1025 bytes', 'x'.repeat(1025), 'the passphrase is longer than 1024 bytes'],
  ])('refuses %s', async (_, passphrase, reason) => {
    expect(await failureOf(importPrivateKey(PBES2, { passphrase }))).toBe(REFUSED + reason)
  })
})

describe('importPrivateKey() names what it does not open', () => {
  test.each([
    [
      'pkcs8 -topk8 -v2 camellia-128-cbc',
      'its encryption is Camellia-128-CBC, which is not supported',
    ],
    ['pkcs8 -topk8 -v2 rc2', 'its encryption is RC2-CBC, which is not supported'],
    [
      'pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithMD5',
      'its pseudorandom function is HMAC with MD5, which is not supported',
    ],
    [
      'pkcs8 -topk8 -v1 PBE-SHA1-RC2-40',
      'its encryption is pbeWithSHAAnd40BitRC2-CBC, which is not supported',
    ],
    ['ec -camellia128', 'its encryption is CAMELLIA-128-CBC, which is not supported'],
    [
      'pkcs8 -topk8 -v2 aes-256-cbc -iter 100001',
      'its iteration count is above 100000, the most that Cloudflare Workers allow',
    ],
    ['pkcs8 -topk8 -scrypt -scrypt_p 2', 'its scrypt cost N·r·p is above 131072'],
  ])('openssl %s', async (command, reason) => {
    for (const options of [{}, { passphrase: PASSPHRASE }, { passphrase: 'wrong' }]) {
      const text = UNSUPPORTED[command] ?? ''
      expect(await failureOf(importPrivateKey(text, options))).toBe(REFUSED + reason)
    }
  })
})

describe('importPrivateKey() of legacy encryption', () => {
  const codes = ['converted_from_ec_private_key']

  test.each([
    ['CR LF', LEGACY.replaceAll('\n', '\r\n'), ['crlf_line_endings', ...codes]],
    ['literal \\n', LEGACY.replaceAll('\n', '\\n'), ['escaped_newlines', ...codes]],
    ['no blank line after the headers', LEGACY.replace('\n\n', '\n'), codes],
    ['spelled in lower case', LEGACY.replace(/DEK-Info.*/, (line) => line.toLowerCase()), codes],
    ['without its Proc-Type', LEGACY.replace(/Proc-Type.*\n/, ''), codes],
    [
      'in one line',
      LEGACY.replaceAll('\n', ' ').trim(),
      ['stray_whitespace', 'nonstandard_wrapping', ...codes],
    ],
  ])('reads it with %s', async (_, text, repairs) => {
    expect(await readingOf(text, PASSPHRASE)).toEqual([FINGERPRINTS['P-256'], ...repairs])
  })

  test.each([
    [
      'DEK-Info',
      LEGACY.replace(/DEK-Info.*\n/, ''),
      'it is encrypted, but its DEK-Info line is missing',
    ],
    [
      'a vector in hex',
      LEGACY.replace(/(DEK-Info.*,).{2}/, '$1xy'),
      'the initialization vector of its DEK-Info line is not hex',
    ],
    [
      'a whole vector',
      LEGACY.replace(/(DEK-Info.*,).{2}/, '$1'),
      'its initialization vector has 15 bytes, expected 16',
    ],
    ['a known cipher', LEGACY.replace('AES-256-CBC', 'ROT-13'), 'its encryption is unknown'],
  ])('refuses it without %s', async (_, text, reason) => {
    expect(await failureOf(importPrivateKey(text, { passphrase: PASSPHRASE }))).toBe(
      REFUSED + reason,
    )
  })

  test('cannot tell a missing line from another passphrase', async () => {
    const cut = LEGACY.replace(/\n.{64}\n(?=.{1,63}\n)/, '\n')
    expect(await failureOf(importPrivateKey(cut, { passphrase: PASSPHRASE }))).toBe(WRONG)
  })
})
