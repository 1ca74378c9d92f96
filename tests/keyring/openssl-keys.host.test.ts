import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { openssl } from '../support/openssl.ts'

const PASSPHRASE = 'throw-away'
const OUT = `-passout pass:${PASSPHRASE}`
const LEGACY = '-provider legacy -provider default'
const HAS_LEGACY = spawnSync('openssl', ['list', '-providers', ...LEGACY.split(' ')]).status === 0

/** What people run to make a key; of those that ask for one, with the passphrase. */
const MAKES = [
  'genrsa 2048',
  'genrsa -traditional 2048',
  'genrsa -3 2048',
  `genrsa -des3 ${OUT} 2048`,
  `genrsa -aes256 ${OUT} 2048`,
  `genrsa -des3 -traditional ${OUT} 2048`,
  `genrsa -aes128 -traditional ${OUT} 2048`,
  `genrsa -aes192 -traditional ${OUT} 2048`,
  `genrsa -aes256 -traditional ${OUT} 2048`,
  'genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048',
  `genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes-256-cbc -pass pass:${PASSPHRASE}`,
] as const

/** What people run to make another file of it. */
const TURNS = [
  'rsa -traditional',
  'rsa -text',
  'pkcs8 -topk8 -nocrypt',
  `pkcs8 -topk8 -v2 aes-128-cbc ${OUT}`,
  `pkcs8 -topk8 -v2 aes-192-cbc ${OUT}`,
  `pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1 ${OUT}`,
  `pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512 ${OUT}`,
  `pkcs8 -topk8 -v2 aes-256-cbc -iter 10000 ${OUT}`,
  `pkcs8 -topk8 -v2 des3 ${OUT}`,
  `pkcs8 -topk8 -scrypt ${OUT}`,
  `pkcs8 -topk8 -v1 PBE-SHA1-3DES ${OUT}`,
  `pkcs8 -topk8 -v1 PBE-SHA1-2DES ${OUT}`,
] as const
const OLD_TURNS = [
  `pkcs8 -topk8 -v1 PBE-MD5-DES ${OUT} ${LEGACY}`,
  `pkcs8 -topk8 -v1 PBE-SHA1-DES ${OUT} ${LEGACY}`,
] as const

let api: HostHarness
beforeAll(async () => {
  api = await openHostHarness()
})
afterAll(() => api.close())

/** Brings the key that a command of OpenSSL wrote, and holds what is shown of it against OpenSSL's own. */
async function expectAdded(written: string, command: string): Promise<void> {
  const isEncrypted = written.includes('ENCRYPTED')
  expect(isEncrypted).toBe(command.includes(`pass:${PASSPHRASE}`))
  const opening = isEncrypted ? ` -passin pass:${PASSPHRASE}` : ''
  const provided = command.includes(LEGACY) ? ` ${LEGACY}` : ''
  const publicKey = openssl(`pkey -pubout${opening}${provided}`, written)
  const passphrase = isEncrypted ? { passphrase: PASSPHRASE } : {}
  const sent = await call(api, 'POST', '/v1/keys', { json: { privateKey: written, ...passphrase } })
  expect(sent.json, sent.text).toMatchObject({ custody: 'held', publicKey })
  if (isEncrypted) {
    for (const wrong of [{}, { passphrase: 'another' }]) {
      const refused = await call(api, 'POST', '/v1/keys', {
        json: { privateKey: written, ...wrong },
      })
      expect(refused.json).toMatchObject({ status: 422, code: 'key_invalid' })
    }
  }
}

describe('POST /v1/keys takes what OpenSSL writes', () => {
  test.each(MAKES)('openssl %s', async (command) => {
    await expectAdded(openssl(command), command)
  })

  test.each(TURNS)('openssl %s', async (command) => {
    await expectAdded(openssl(command, openssl('genrsa 2048')), command)
  })

  for (const command of OLD_TURNS) {
    test.skipIf(!HAS_LEGACY)(`openssl ${command} (needs its legacy provider)`, async () => {
      await expectAdded(openssl(command, openssl('genrsa 2048')), command)
    })
  }

  test.each([
    ['Windows line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['escaped line ends', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['a byte order mark', (pem: string) => `\uFEFF${pem}`],
    ['text around it', (pem: string) => `Bag Attributes\n    friendlyName: key\n${pem}\nend`],
  ])('with %s', async (_what, spoil) => {
    const written = openssl('genrsa 2048')
    const json = { privateKey: spoil(written) }
    const sent = await call(api, 'POST', '/v1/keys', { json })
    expect(sent.status, sent.text).toBe(201)
    expect(sent.json).toMatchObject({ publicKey: openssl('pkey -pubout', written) })
  })

  test.each([
    ['genrsa 1024', 'RSA of 1024 bits'],
    ['genrsa 4096', 'RSA of 4096 bits'],
    ['genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256', 'P-256'],
    ['genpkey -algorithm ed25519', 'Ed25519'],
  ])('but not openssl %s, which is %s', async (command, name) => {
    const json = { privateKey: openssl(command) }
    const sent = await call(api, 'POST', '/v1/keys', { json })
    expect(sent.json).toMatchObject({ status: 422, code: 'key_invalid' })
    expect(sent.text).toContain(name)
  })
})
