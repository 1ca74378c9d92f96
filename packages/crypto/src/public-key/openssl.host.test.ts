import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../testing/faults.ts'
import { importPublicKey } from './import.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-openssl-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

/** Runs the machine's own `openssl` in the folder and gives its output. */
function run(command: string, input = ''): string {
  const ran = spawnSync('openssl', command.split(' '), { input, cwd: folder, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`openssl ${command}: ${ran.stderr}`)
  return ran.stdout
}

/** The fingerprint as OpenSSL and node:crypto see it. */
function fingerprintOf(pem: string): string {
  const body = run('pkey -pubin -pubout', pem).replaceAll(/-----.*-----|\n/g, '')
  return `sha256:${createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex')}`
}

const generated = (options: string) => run('pkey -pubout', run(`genpkey -algorithm ${options}`))
const rsaOf = (bits: number) => generated(`RSA -pkeyopt rsa_keygen_bits:${bits}`)

let key = ''
let spki = ''
beforeAll(() => {
  write('key.pem', run('genrsa 2048'))
  key = read('key.pem')
  spki = run('pkey -pubout', key)
  write('leaf.pem', run('req -x509 -key key.pem -subj /CN=leaf -days 2'))
  write('request.pem', run('req -new -key key.pem -subj /CN=leaf'))
  write(
    'chain.pem',
    read('leaf.pem') +
      run('req -x509 -newkey rsa:2048 -nodes -keyout issuer.pem -subj /CN=issuer -days 2'),
  )
  run('pkcs12 -export -in leaf.pem -inkey key.pem -name leaf -passout pass:x -out bag.p12')
})

describe('importPublicKey() reads what OpenSSL writes with', () => {
  const CERTIFICATE = 'extracted_from_certificate'

  test.each<[string, readonly string[]]>([
    ['pkey -in key.pem -pubout', []],
    ['rsa -in key.pem -pubout', []],
    ['rsa -in key.pem -RSAPublicKey_out', ['converted_from_pkcs1']],
    ['req -in request.pem -pubkey -noout', []],
    ['x509 -in leaf.pem', [CERTIFICATE]],
    ['x509 -in leaf.pem -text', ['surrounding_text', CERTIFICATE]],
    ['x509 -in leaf.pem -trustout', [CERTIFICATE]],
    ['x509 -in leaf.pem -trustout -addtrust serverAuth -setalias mine', [CERTIFICATE]],
    ['x509 -in leaf.pem -pubkey -noout', []],
    ['x509 -in leaf.pem -pubkey', [CERTIFICATE, 'duplicate_key']],
    ['x509 -req -in request.pem -signkey key.pem', [CERTIFICATE]],
    ['x509 -in chain.pem', [CERTIFICATE]],
    ['storeutl -certs chain.pem', ['surrounding_text', CERTIFICATE, 'certificate_chain']],
    ['pkcs12 -in bag.p12 -passin pass:x -nokeys', ['surrounding_text', CERTIFICATE]],
  ])('%s', async (command, codes) => {
    const { pem, fingerprint, repairs } = await importPublicKey(run(command))
    expect({ pem, fingerprint }).toEqual({ pem: spki, fingerprint: fingerprintOf(spki) })
    expect(repairs.map(({ code }) => code)).toEqual(codes)
  })

  test('genpkey, an exponent of 3', async () => {
    const pem = generated('RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3')
    expect(await importPublicKey(pem)).toEqual({
      pem,
      fingerprint: fingerprintOf(pem),
      repairs: [],
    })
  })

  test('genpkey, any fresh key', async () => {
    for (let round = 0; round < 6; round++) {
      expect((await importPublicKey(rsaOf(2048))).repairs).toEqual([])
    }
  })
})

describe('importPublicKey() refuses as invalid', () => {
  test.each<[string, () => string, string]>([
    ['1024 bits', () => rsaOf(1024), 'modulus is 1024 bits, expected 2048'],
    ['2047 bits', () => rsaOf(2047), 'modulus is 2047 bits, expected 2048'],
    ['3072 bits', () => rsaOf(3072), 'modulus is 3072 bits, expected 2048'],
    ['4096 bits', () => rsaOf(4096), 'modulus is 4096 bits, expected 2048'],
    [
      'RSASSA-PSS',
      () => generated('RSA-PSS -pkeyopt rsa_keygen_bits:1024'),
      'its algorithm is RSASSA-PSS, expected RSA',
    ],
    [
      'P-256',
      () => generated('EC -pkeyopt ec_paramgen_curve:P-256'),
      'its algorithm is elliptic curve, expected RSA',
    ],
    [
      'P-256 with its parameters',
      () => generated('EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit'),
      'its algorithm is elliptic curve, expected RSA',
    ],
    ['Ed25519', () => generated('ed25519'), 'its algorithm is Ed25519, expected RSA'],
    ['Ed448', () => generated('ed448'), 'its algorithm is Ed448, expected RSA'],
    ['X25519', () => generated('x25519'), 'its algorithm is X25519, expected RSA'],
    [
      'Diffie-Hellman',
      () => generated('DH -pkeyopt group:ffdhe2048'),
      'its algorithm is Diffie-Hellman, expected RSA',
    ],
    ['DSA', dsa, 'its algorithm is DSA, expected RSA'],
    ['a certificate of P-256', ecCertificate, 'its algorithm is elliptic curve, expected RSA'],
    [
      'a request',
      () => read('request.pem'),
      'it has no PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE block',
    ],
    [
      'PKCS#7',
      () => run('crl2pkcs7 -nocrl -certfile chain.pem'),
      'it has no PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE block',
    ],
    ['two keys', () => spki + rsaOf(2048), 'the text holds different public keys'],
    [
      'a key and the certificate of another',
      () => rsaOf(2048) + read('leaf.pem'),
      'the text holds different public keys',
    ],
  ])('%s', async (_, text, reason) => {
    expect(await failureOf(importPublicKey(text()))).toBe(
      `key_invalid: Cannot import public key: ${reason}`,
    )
  })
})

describe('importPublicKey() refuses as private what OpenSSL writes with', () => {
  const SECRET = 'pass:x'

  test.each([
    'pkey -in key.pem',
    'rsa -in key.pem -traditional',
    'rsa -in key.pem -traditional -des3 -passout pass:x',
    'rsa -in key.pem -traditional -aes256 -passout pass:x',
    'pkcs8 -in key.pem -topk8 -passout pass:x',
    'pkcs8 -in key.pem -topk8 -v1 PBE-SHA1-3DES -passout pass:x',
    'pkey -in key.pem -text',
    'pkey -in key.pem -text -noout',
    'rsa -in key.pem -text -noout',
    'pkcs12 -in bag.p12 -passin pass:x -nodes',
    'pkcs12 -in bag.p12 -passin pass:x -passout pass:x',
    'genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    'ecparam -genkey -name prime256v1',
    'genpkey -algorithm ed25519',
  ])('%s', async (command) => {
    const text = run(command)
    for (const damaged of [
      text,
      text.replaceAll(/-----.*-----/g, ''),
      text.replaceAll('\n', '\\n'),
      spki + text,
    ]) {
      // Without its armour, legacy encryption leaves random bytes and its header lines: malformed, not readable.
      const failure = await failureOf(importPublicKey(damaged))
      expect(failure).toMatch(/DEK-Info/.test(text) ? /^key_/ : /^key_is_private: /)
      expect(failure).not.toContain(SECRET)
    }
  })
})

function dsa(): string {
  run('genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.pem')
  return run('pkey -pubout', run('genpkey -paramfile dsa.pem'))
}

function ecCertificate(): string {
  return run(
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.pem -subj /CN=ec',
  )
}
