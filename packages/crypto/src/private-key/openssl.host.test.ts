import type { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBase64 } from '../encoding.ts'
import { failureOf } from '../testing/faults.ts'
import { signs } from '../testing/signs.ts'
import { importPrivateKey } from './import.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-openssl-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Longer than a block of SHA-1 in UTF-16, and beyond what one byte or two can say. */
const PASSPHRASES = [
  'throw-away',
  'pässwört €',
  'ключ 😀',
  ' spaces "quotes" \\n ',
  'x'.repeat(200),
]
const [PASSPHRASE = ''] = PASSPHRASES

function spawn(command: string, input: string, passphrase: string) {
  return spawnSync('openssl', command.split(' '), {
    input,
    cwd: folder,
    env: { ...process.env, PASSPHRASE: passphrase },
  })
}

/** Runs the machine's own `openssl` in the folder and gives its output. */
function run(command: string, input = '', passphrase = PASSPHRASE): Buffer {
  const ran = spawn(command, input, passphrase)
  if (ran.status !== 0) throw new Error(`openssl ${command}: ${ran.stderr.toString()}`)
  return ran.stdout
}

const pem = (command: string, input = '', passphrase = PASSPHRASE) =>
  run(command, input, passphrase).toString()

const FROM_LEGACY = '-provider legacy -provider default'
const HAS_LEGACY = spawn(`list -providers ${FROM_LEGACY}`, '', '').status === 0

const GENERATORS = {
  'RSA-2048': 'genrsa 2048',
  'RSA-4096': 'genrsa 4096',
  'RSA-2048 with exponent 3': 'genrsa -3 2048',
  'P-256': 'genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  'P-384': 'genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384',
  'P-521': 'genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521',
  Ed25519: 'genpkey -algorithm ed25519',
} as const

const keys = new Map<string, string>()
const keyOf = (name: keyof typeof GENERATORS) => keys.get(name) ?? ''
beforeAll(() => {
  for (const [name, command] of Object.entries(GENERATORS)) keys.set(name, pem(command))
})

/** Both halves as OpenSSL writes them. */
async function expectHalves(text: string, key: string, passphrase?: string) {
  const options = passphrase === undefined ? {} : { passphrase }
  const { pkcs8, spki, ...rest } = await importPrivateKey(text, options)
  expect(toBase64(pkcs8)).toBe(toBase64(run('pkcs8 -topk8 -nocrypt -outform DER', key)))
  expect(toBase64(spki)).toBe(toBase64(run('pkey -pubout -outform DER', key)))
  return { pkcs8, spki, ...rest }
}

describe('importPrivateKey() reads as OpenSSL does', () => {
  test.each(Object.keys(GENERATORS))('%s', async (name) => {
    const key = keys.get(name) ?? ''
    const read = await expectHalves(key, key)
    expect(read.repairs).toEqual([])
    // Deno's WebCrypto signs with 65537 alone.
    if (!name.endsWith('exponent 3')) expect(await signs(read)).toBe(true)
  })

  test.each<[keyof typeof GENERATORS, string]>([
    ['RSA-2048', 'rsa -traditional'],
    ['RSA-2048', 'pkey -text'],
    ['P-256', 'ec'],
    ['P-384', 'ec -conv_form compressed'],
    ['P-521', 'ec -no_public'],
    ['P-521', 'pkey -traditional -text'],
    ['Ed25519', 'pkey -text'],
  ])('%s by openssl %s', async (name, command) => {
    await expectHalves(pem(command, keyOf(name)), keyOf(name))
  })

  test.each(['rsa -traditional -outform DER', 'pkcs8 -topk8 -nocrypt -outform DER'])(
    'openssl %s, in base64',
    async (command) => {
      const key = keyOf('RSA-2048')
      await expectHalves(toBase64(run(command, key)), key)
    },
  )

  test('openssl pkcs12 -nodes, beside its certificate', async () => {
    const key = keyOf('RSA-2048')
    writeFileSync(join(folder, 'key.pem'), key)
    run('req -x509 -key key.pem -subj /CN=leaf -days 2 -out leaf.pem')
    run('pkcs12 -export -in leaf.pem -inkey key.pem -passout env:PASSPHRASE -out bag.p12')
    await expectHalves(pem('pkcs12 -in bag.p12 -passin env:PASSPHRASE -nodes'), key)
  })
})

const V2 = ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des3']
const PRF = ['SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'SHA512-256']
const PBES2 = V2.flatMap((cipher) =>
  PRF.map((prf) => `pkcs8 -topk8 -v2 ${cipher} -v2prf hmacWith${prf}`),
)
const ENCRYPTING = [
  'rsa -des3',
  'rsa -aes256',
  'pkcs8 -topk8',
  'pkcs8 -topk8 -iter 1',
  'pkcs8 -topk8 -iter 100000',
  'pkcs8 -topk8 -v2 aes-256-cbc -outform PEM',
  'pkcs8 -topk8 -scrypt',
  'pkcs8 -topk8 -v1 PBE-SHA1-3DES',
  'pkcs8 -topk8 -v1 PBE-SHA1-2DES',
  'pkcs8 -topk8 -v1 PBE-SHA1-3DES -iter 10000',
  'rsa -traditional -des3',
  'rsa -traditional -aes128',
  'rsa -traditional -aes192',
  'rsa -traditional -aes256',
  'rsa -traditional -des-ede-cbc',
]
const NEEDS_LEGACY = [
  'pkcs8 -topk8 -v1 PBE-MD5-DES',
  'pkcs8 -topk8 -v1 PBE-SHA1-DES',
  'pkcs8 -topk8 -v2 des',
  'rsa -traditional -des',
].map((command) => `${command} ${FROM_LEGACY}`)

describe('importPrivateKey() opens what OpenSSL encrypts by', () => {
  test.each([...PBES2, ...ENCRYPTING])('openssl %s', async (command) => {
    const key = keyOf('RSA-2048')
    const encrypted = pem(`${command} -passout env:PASSPHRASE`, key)
    expect(encrypted).toMatch(/ENCRYPTED/)
    await expectHalves(encrypted, key, PASSPHRASE)
  })

  // Single DES is in a module of OpenSSL 3 that not every machine has.
  describe.skipIf(!HAS_LEGACY)('its legacy provider (needs that module)', () => {
    test.each(NEEDS_LEGACY)('openssl %s', async (command) => {
      const key = keyOf('RSA-2048')
      const encrypted = pem(`${command} -passout env:PASSPHRASE`, key)
      await expectHalves(encrypted, key, PASSPHRASE)
    })
  })

  test.each([
    'genrsa -des3',
    'genrsa -aes256',
    'genrsa -traditional -des3',
    'genrsa -traditional -aes128',
  ])('openssl %s', async (command) => {
    const encrypted = pem(`${command} -passout env:PASSPHRASE 2048`)
    await expectHalves(encrypted, pem('pkey -passin env:PASSPHRASE', encrypted), PASSPHRASE)
  })

  test.each<[keyof typeof GENERATORS, string]>([
    ['P-256', 'ec -aes256'],
    ['P-384', 'ec -des3'],
    ['P-521', 'pkcs8 -topk8'],
    ['Ed25519', 'pkcs8 -topk8 -v2 des3'],
    ['Ed25519', 'pkcs8 -topk8 -v1 PBE-SHA1-3DES'],
    ['RSA-4096', 'rsa -traditional -aes256'],
  ])('%s by openssl %s', async (name, command) => {
    const encrypted = pem(`${command} -passout env:PASSPHRASE`, keyOf(name))
    await expectHalves(encrypted, keyOf(name), PASSPHRASE)
  })

  test.each(PASSPHRASES)('the passphrase "%s"', async (passphrase) => {
    const key = keyOf('RSA-2048')
    for (const command of [
      'pkcs8 -topk8',
      'pkcs8 -topk8 -v1 PBE-SHA1-3DES',
      'rsa -traditional -des3',
    ]) {
      const encrypted = pem(`${command} -passout env:PASSPHRASE`, key, passphrase)
      await expectHalves(encrypted, key, passphrase)
      expect(await failureOf(importPrivateKey(encrypted, { passphrase: `${passphrase}!` }))).toBe(
        'key_invalid: Cannot import private key: the passphrase does not open it, or its encrypted content is damaged',
      )
    }
  })

  test('no more iterations than a request may cost', async () => {
    for (const [command, reason] of [
      ['pkcs8 -topk8 -iter 100001', 'above 100000, the most that Cloudflare Workers allow'],
      [
        'pkcs8 -topk8 -v1 PBE-SHA1-3DES -iter 10001',
        'above 10000, the most that is taken with PBES1',
      ],
    ]) {
      const encrypted = pem(`${command} -passout env:PASSPHRASE`, keyOf('P-256'))
      expect(await failureOf(importPrivateKey(encrypted, { passphrase: PASSPHRASE }))).toBe(
        `key_invalid: Cannot import private key: its iteration count is ${reason}`,
      )
    }
  })

  test('an empty passphrase', async () => {
    const key = keyOf('P-256')
    for (const command of ['pkcs8 -topk8', 'pkcs8 -topk8 -v1 PBE-SHA1-3DES']) {
      await expectHalves(pem(`${command} -passout env:PASSPHRASE`, key, ''), key, '')
    }
  })
})

// Each wrong passphrase comes through its padding once in 256 times: enough tries meet that case.
test('importPrivateKey() says of every wrong passphrase that it is wrong', async () => {
  const encrypted = pem('rsa -traditional -aes128 -passout env:PASSPHRASE', keyOf('RSA-2048'))
  for (let round = 0; round < 1_500; round++) {
    expect(await failureOf(importPrivateKey(encrypted, { passphrase: `wrong ${round}` }))).toBe(
      'key_invalid: Cannot import private key: the passphrase does not open it, or its encrypted content is damaged',
    )
  }
})

test('what importPrivateKey() gives is what OpenSSL checks without complaint', async () => {
  for (const key of keys.values()) {
    const { pkcs8 } = await importPrivateKey(key)
    writeFileSync(join(folder, 'checked.der'), pkcs8)
    expect(pem('pkey -inform DER -in checked.der -check -noout')).toMatch(/Key is valid/)
  }
})
