import { isFault } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../bytes.ts'
import { TAG } from '../der/element.ts'
import { element } from '../der/write.ts'
import { toBase64 } from '../encoding.ts'
import { encodePem } from '../pem/write.ts'
import { MAX_KEY_TEXT } from '../public-key/import.ts'
import { derOf, flipped } from '../testing/damage.ts'
import { encrypted, encryptedPem, type Forgery, scryptPem } from '../testing/encrypt.ts'
import { failureOf } from '../testing/faults.ts'
import { ENCRYPTED } from '../testing/throw-away-encrypted-keys.ts'
import { P256_PKCS8, P256_SEC1, PASSPHRASE } from '../testing/throw-away-keys.ts'
import { RSA_PKCS1 } from '../testing/throw-away-rsa-keys.ts'
import { importPrivateKey } from './import.ts'

const random = seededRandom(20_260_101)
const filled = (piece: string) => piece.repeat(Math.floor(MAX_KEY_TEXT / piece.length))
const below = (limit: number) => Math.floor(random.fraction() * limit)
const REFUSED = 'key_invalid: Cannot import private key: '
const WRONG = `${REFUSED}the passphrase does not open it, or its encrypted content is damaged`
const KEY = derOf(P256_PKCS8)
const options = { passphrase: PASSPHRASE }

/** The key's PKCS#8 where the text is taken, null where it is refused as invalid. */
async function reading(text: string): Promise<Bytes | null> {
  try {
    return (await importPrivateKey(text, options)).pkcs8
  } catch (error) {
    if (isFault(error) && error.code === 'key_invalid') return null
    throw error
  }
}

describe('importPrivateKey() under mutation', () => {
  // A key that was damaged on its way and taken nonetheless would be published, and open nothing.
  test.each([
    ['PKCS#1', RSA_PKCS1, 'RSA PRIVATE KEY'],
    ['SEC 1', P256_SEC1['ecparam -genkey -noout'] ?? '', 'EC PRIVATE KEY'],
    [
      'PBES2',
      ENCRYPTED['pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1'] ?? '',
      'ENCRYPTED PRIVATE KEY',
    ],
    ['PBES1', ENCRYPTED['pkcs8 -topk8 -v1 PBE-SHA1-3DES'] ?? '', 'ENCRYPTED PRIVATE KEY'],
  ])('takes %s with a bit turned as the very key or not at all', async (_, pem, label) => {
    const whole = await reading(pem)
    expect(whole).not.toBeNull()
    const der = derOf(pem)
    for (let at = 0; at < der.length; at += 1 + below(3)) {
      const key = await reading(encodePem(label, flipped(der, at, below(8))))
      if (key !== null) expect(key).toEqual(whole)
    }
  })

  test.each([
    ['PBES2', ENCRYPTED['pkcs8 -topk8 -v2 aes-256-cbc'] ?? ''],
    ['legacy encryption', ENCRYPTED['ec -aes256'] ?? ''],
    ['PKCS#8', P256_PKCS8],
  ])('refuses every truncation of %s', async (_, pem) => {
    const last = pem.indexOf('-----END')
    for (let length = 0; length <= last; length += 1 + below(3)) {
      expect(await reading(pem.slice(0, length))).toBeNull()
      const key = await reading(pem.slice(0, length) + pem.slice(last))
      // Padding alone can be missing.
      if (key !== null) expect(pem.slice(length, last)).toMatch(/^=*\s*$/)
    }
  })
})

describe('importPrivateKey() of a forged encryption', () => {
  test('reads what encrypted() writes', async () => {
    expect(await reading(await encryptedPem(KEY, PASSPHRASE))).toEqual(KEY)
    expect(await reading(await encryptedPem(KEY, PASSPHRASE, { keyBytes: 16n }))).toEqual(KEY)
  })

  test.each<[string, Forgery, string]>([
    ['no iteration', { iterations: Uint8Array.of(0) }, 'iteration count is zero'],
    ['negative iterations', { iterations: Uint8Array.of(0xff) }, 'iteration count is negative'],
    [
      'iterations for weeks',
      { iterations: new Uint8Array(2_000).fill(0x7f) },
      'its iteration count is above 100000, the most that Cloudflare Workers allow',
    ],
    [
      'a key length of another cipher',
      { keyBytes: 32n },
      'its key length is 32 bytes, expected 16',
    ],
    [
      'a key length without end',
      { keyBytes: 2n ** 4_000n },
      'its key length is Infinity bytes, expected 16',
    ],
    [
      'a short vector',
      { iv: new Uint8Array(8) },
      'its initialization vector has 8 bytes, expected 16',
    ],
    ['no content', { ciphertext: new Uint8Array() }, 'its encrypted content is cut off'],
    ['half a block', { ciphertext: new Uint8Array(24) }, 'its encrypted content is cut off'],
    ['an unknown scheme', { scheme: '2a03' }, 'its encryption is unknown'],
    ['an unknown derivation', { derivation: '2a03' }, 'its key derivation is unknown'],
    ['an unknown digest', { digest: '2a03' }, 'its pseudorandom function is unknown'],
    ['an unknown cipher', { cipher: '2a03' }, 'its encryption is unknown'],
    [
      'AES-256-GCM',
      { cipher: '60864801650304012e' },
      'its encryption is AES-256-GCM, which is not supported',
    ],
    ['PBKDF2 as its scheme', { scheme: '2a864886f70d01050c' }, 'its encryption is unknown'],
  ])('refuses %s, whatever the passphrase', async (_, forged, reason) => {
    const pem = await encryptedPem(KEY, PASSPHRASE, forged)
    for (const passphrase of [PASSPHRASE, 'wrong']) {
      expect(await failureOf(importPrivateKey(pem, { passphrase }))).toBe(REFUSED + reason)
    }
  })

  // Each runtime refuses, or dies of, others of these.
  test.each<[readonly bigint[], string]>([
    [[3n, 8n, 1n], 'its scrypt cost is not a power of two that its block size allows'],
    [[1n, 8n, 1n], 'its scrypt cost is not a power of two that its block size allows'],
    [[65_536n, 1n, 1n], 'its scrypt cost is not a power of two that its block size allows'],
    [[16_384n, 16n, 1n], 'its scrypt cost N·r·p is above 131072'],
    [[2n ** 62n, 8n, 1n], 'its scrypt cost N·r·p is above 131072'],
    [[2n, 8n, 2n ** 2_000n], 'its scrypt cost N·r·p is above 131072'],
    [[2n, 65_536n, 1n], 'its scrypt block size is above 32'],
    [[16_384n, 8n, 1n, 32n], 'its key length is 32 bytes, expected 16'],
    [[16_384n, 8n], 'scrypt parallelization is missing or of the wrong type'],
  ])('refuses scrypt with %s', async (cost, reason) => {
    expect(await failureOf(importPrivateKey(scryptPem(...cost), options))).toBe(REFUSED + reason)
  })

  test.each<readonly [bigint, bigint, bigint]>([
    [16_384n, 8n, 1n],
    [4_096n, 32n, 1n],
    [32_768n, 1n, 4n],
    [2n, 32n, 2_048n],
    [2n, 1n, 65_536n],
  ])('asks for no more of scrypt than any runtime does: %s, %s, %s', async (...cost) => {
    expect(await failureOf(importPrivateKey(scryptPem(...cost), options))).toBe(WRONG)
  })

  test('takes a salt of any length', async () => {
    for (const salt of [new Uint8Array(), new Uint8Array(30_000)]) {
      expect(await reading(await encryptedPem(KEY, PASSPHRASE, { salt }))).toEqual(KEY)
    }
  })

  // Whoever can have files tried, and sees a wrong padding apart from wrong content, decrypts without the passphrase.
  test('tells a wrong padding as it tells wrong content', async () => {
    const whole = derOf(await encryptedPem(KEY, PASSPHRASE))
    for (let bit = 0; bit < 8; bit++) {
      const padding = flipped(whole, whole.length - 17, bit)
      const pem = encodePem('ENCRYPTED PRIVATE KEY', padding)
      expect(await failureOf(importPrivateKey(pem, options))).toBe(WRONG)
    }
    for (const content of [
      new Uint8Array(),
      new Uint8Array(40),
      KEY.subarray(1),
      element(TAG.octetString, KEY),
    ]) {
      expect(
        await failureOf(importPrivateKey(await encryptedPem(content, PASSPHRASE), options)),
      ).toBe(WRONG)
    }
  })

  test('opens one encryption and no second', async () => {
    const twice = await encryptedPem(await encrypted(KEY, PASSPHRASE), PASSPHRASE)
    expect(await failureOf(importPrivateKey(twice, options))).toBe(
      `${REFUSED}it is encrypted more than once`,
    )
  })
})

describe('importPrivateKey() ends soon on', () => {
  test.each([
    ['dashes', '-'],
    ['BEGIN lines', '-----BEGIN PRIVATE KEY-----'],
    ['BEGIN lines and spaces', 'BEGIN    OPENSSH    '],
    ['names of members', '"kty"    '],
    ['starts of DER', 'MIIB'],
    ['headers', 'Proc-Type: 4,ENCRYPTED\n'],
    ['words', 'PRIVATE KEY'],
    ['backslashes', '\\'],
  ])('%s', async (_, piece) => {
    expect(await failureOf(importPrivateKey(filled(piece)))).toMatch(/^key_invalid/)
  })

  test.each([
    ['headers', 'A: b\n'],
    ['digits of a vector', 'DEK-Info: AES-128-CBC,'.padEnd(60_000, 'AB')],
    ['spaces', ' '.repeat(60_000)],
    ['a header that never ends', 'Proc-Type: 4,ENCRYPTED '.padEnd(60_000)],
  ])('%s inside a block', async (_, body) => {
    const text = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`
    expect(await failureOf(importPrivateKey(text, options))).toMatch(/^key_invalid/)
  })

  test('nested DER', async () => {
    let nested = element(TAG.null)
    for (let depth = 0; depth < 5_000; depth++) nested = element(TAG.sequence, nested)
    const pem = encodePem('PRIVATE KEY', nested)
    expect(await failureOf(importPrivateKey(pem))).toMatch(/it is no private key/)
  })
})

// Faults go to the caller and into the log.
test('importPrivateKey() quotes neither key nor passphrase in any failure', async () => {
  const passphrase = 'a passphrase that nobody may see'
  const damaged = [RSA_PKCS1, P256_PKCS8, ...Object.values(ENCRYPTED)].flatMap((pem) => {
    const body = toBase64(derOf(pem))
    return [
      pem,
      pem.replace('MI', '!!'),
      pem.replace(/.{9}\n-----END/, '\n-----END'),
      body.slice(0, 64),
    ]
  })
  for (const text of damaged) {
    const error = await importPrivateKey(text, { passphrase }).catch((caught: unknown) => caught)
    if (!isFault(error)) continue
    const told = `${error.message} ${String(error.stack)} ${JSON.stringify(error)}`
    expect(error.cause).toBeUndefined()
    expect(told).not.toContain(passphrase)
    for (const line of text.split('\n').filter((each) => /^[A-Za-z\d+/=]{16,}$/.test(each))) {
      expect(told).not.toContain(line.slice(0, 16))
    }
  }
})
