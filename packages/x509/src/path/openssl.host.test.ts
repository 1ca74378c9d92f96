import { SECOND } from '@latchkey/core'
import { encodePem } from '@latchkey/crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { describeCertificate } from '../describe/describe.ts'
import { mintCrl, revokedEntry } from '../testing/crl.ts'
import { integer, utcTime } from '../testing/der.ts'
import { basicConstraints, extension, keyUsage, nameConstraints } from '../testing/extensions.ts'
import { errorsOf, judge } from '../testing/judge.ts'
import { generateKeys, SIGNINGS } from '../testing/keys.ts'
import {
  type Changes,
  mintAuthority,
  type Minted,
  mintLeaf,
  mintRoot,
  NOW,
} from '../testing/mint.ts'
import { dns } from '../testing/names.ts'
import { openOpenssl } from '../testing/openssl.ts'
import { validatePath } from './validate.ts'

const { spawn, run, read, write, remove } = openOpenssl()
afterAll(remove)

describe('validatePath() accepts what OpenSSL makes with', () => {
  test.each([
    ['RSA', '-newkey rsa:2048', '-sha256', 'webpki'],
    [
      'RSASSA-PSS',
      '-newkey rsa:2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32',
      '-sha256',
      'webpki',
    ],
    ['P-256', '-newkey ec -pkeyopt ec_paramgen_curve:P-256', '-sha256', 'webpki'],
    ['P-384', '-newkey ec -pkeyopt ec_paramgen_curve:P-384', '-sha384', 'webpki'],
    ['Ed25519', '-newkey ed25519', '', 'rfc5280'],
  ] as const)('%s', async (_, key, digest, profile) => {
    const common = `req -x509 -nodes ${key} ${digest} -days 30 -batch`.replaceAll('  ', ' ')
    run(
      `${common} -keyout root.key -out root.pem -subj /CN=Root -addext keyUsage=critical,keyCertSign`,
    )
    run(
      `${common} -keyout leaf.key -out leaf.pem -subj /CN=example.com -CA root.pem -CAkey root.key` +
        ' -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:example.com' +
        ' -addext extendedKeyUsage=serverAuth',
    )
    const leaf = read('leaf.pem').trim()
    const { fingerprint, notBefore } = await describeCertificate(leaf)
    const result = validatePath({
      profile,
      purpose: 'serverAuth',
      at: notBefore,
      hostname: 'example.com',
      leaf,
      intermediates: [],
      anchors: [read('root.pem')],
    })
    expect(await errorsOf(result)).toEqual([])
    const told = run('x509 -in leaf.pem -noout -fingerprint -sha256').split('=')[1] ?? ''
    expect(fingerprint).toBe(`sha256:${told.trim().replaceAll(':', '').toLowerCase()}`)
  })
})

/** Whether OpenSSL takes the path, at our time and as strictly as it can. */
function isTaken(
  leaf: Minted,
  authority: Minted,
  root: Minted,
  ...options: readonly string[]
): boolean {
  write('minted-leaf.pem', encodePem('CERTIFICATE', leaf.der))
  write('minted-authority.pem', encodePem('CERTIFICATE', authority.der))
  write('minted-root.pem', encodePem('CERTIFICATE', root.der))
  const fixed = ['-x509_strict', '-no-CApath', '-attime', String(NOW / SECOND)]
  const files = ['-CAfile', 'minted-root.pem', '-untrusted', 'minted-authority.pem']
  const asked = ['-purpose', 'sslserver', '-verify_hostname', 'example.com']
  const words = ['verify', ...fixed, ...files, ...asked, ...options, 'minted-leaf.pem']
  return spawn(words.join(' ')).status === 0
}

const limited = extension('basicConstraints', basicConstraints(true, 0), true)
const only = (domain: string) => extension('nameConstraints', nameConstraints([dns(domain)]), true)

describe('validatePath() and OpenSSL agree on', () => {
  test.each<[string, { authority?: Changes; leaf?: Changes }, boolean]>([
    ['a sound path', {}, true],
    ['an authority that has expired', { authority: { notAfter: utcTime('270110000000Z') } }, false],
    [
      'a path length that is kept',
      { authority: { extensions: { basicConstraints: limited } } },
      true,
    ],
    ['an authority that is none', { authority: { extensions: { basicConstraints: null } } }, false],
    [
      'an authority whose key may not sign',
      { authority: { extensions: { keyUsage: extension('keyUsage', keyUsage('cRLSign'), true) } } },
      false,
    ],
    ['a permitted name', { authority: { extensions: { names: only('example.com') } } }, true],
    [
      'a name that is not permitted',
      { authority: { extensions: { names: only('example.org') } } },
      false,
    ],
    [
      'a leaf that does not identify its issuer',
      { leaf: { extensions: { authorityKeyIdentifier: null } } },
      false,
    ],
  ])('%s', async (_, changes, isSound) => {
    const root = await mintRoot()
    const authority = await mintAuthority(root, changes.authority)
    const leaf = await mintLeaf(authority, changes.leaf)
    const errors = await errorsOf(judge(leaf, root, { intermediates: [authority] }))
    expect(errors.length === 0).toBe(isSound)
    expect(isTaken(leaf, authority, root)).toBe(isSound)
  })

  test('a signature by another key', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf({ ...authority, keys: await generateKeys(SIGNINGS.p256) })
    expect(isTaken(leaf, authority, root)).toBe(false)
    const path = judge(leaf, root, { intermediates: [authority] })
    expect(await errorsOf(path)).toEqual(['signature_invalid'])
  })

  test.each([
    [0x4711, false],
    [0x4712, true],
  ])('a CRL that lists the serial number %i', async (listed, isSound) => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority, { serial: integer(0x4711) })
    const crl = await mintCrl(authority, { revoked: [revokedEntry(integer(listed))] })
    write('minted.crl', encodePem('X509 CRL', crl))
    expect(isTaken(leaf, authority, root, '-crl_check', '-CRLfile', 'minted.crl')).toBe(isSound)
    const path = judge(leaf, root, { intermediates: [authority], crls: [crl] })
    expect(await errorsOf(path)).toEqual(isSound ? [] : ['revoked'])
  })
})
