import { encodePem } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { join, octetString, sequence } from '../testing/der.ts'
import { generateKeys, type Keys, SIGNINGS } from '../testing/keys.ts'
import { mintAuthority, type Minted, mintLeaf, mintRoot, NOW } from '../testing/mint.ts'
import { commonName } from '../testing/names.ts'
import { type BundleRequest, inspectBundle, type Inspection } from './inspect.ts'

const pemOf = (...minted: readonly Minted[]): string =>
  minted.map(({ der }) => encodePem('CERTIFICATE', der)).join('')

async function keyOf({ privateKey }: Keys): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
  return encodePem('PRIVATE KEY', new Uint8Array(pkcs8))
}

const inspect = (pem: string, more: Partial<BundleRequest> = {}) =>
  inspectBundle({ pem, purpose: 'server', rules: { needsPrivateKey: false }, at: NOW, ...more })

const codesOf = ({ findings }: Inspection) =>
  findings.map(({ code, severity }) => `${severity} ${code}`)

async function mintChain() {
  const root = await mintRoot()
  const authority = await mintAuthority(root)
  const leaf = await mintLeaf(authority)
  return { root, authority, leaf, chain: { roots: pemOf(root) } }
}

describe('inspectBundle() of other blocks', () => {
  test.each([
    ['PKCS7', 'warning other_blocks_dropped', 'openssl pkcs7 -print_certs'],
    ['CMS', 'warning other_blocks_dropped', 'openssl pkcs7 -print_certs'],
    ['CERTIFICATE REQUEST', 'warning other_blocks_dropped', 'the certificate that it answered'],
    ['NEW CERTIFICATE REQUEST', 'warning other_blocks_dropped', 'the certificate that it answered'],
    ['DH PARAMETERS', 'repaired other_blocks_dropped', 'DHPARAMETERS'],
  ])('leaves out %s beside a chain, and says what to do', async (label, code, advice) => {
    const { leaf, authority, chain } = await mintChain()
    const pem = encodePem(label, sequence(octetString())) + pemOf(leaf, authority)
    const inspection = await inspect(pem, chain)
    expect(codesOf(inspection)).toEqual([code])
    expect(inspection.findings[0]?.message).toContain(advice)
    expect(inspection.normalizedPem).toBe(pemOf(leaf, authority))
  })

  test('leaves out the parameters that OpenSSL writes before a key without a word', async () => {
    const { leaf, authority, chain } = await mintChain()
    const pem = encodePem('EC PARAMETERS', octetString()) + pemOf(leaf, authority)
    expect(codesOf(await inspect(pem, chain))).toEqual([])
  })

  test('takes a certificate with the trust settings of OpenSSL without them', async () => {
    const { leaf, authority, chain } = await mintChain()
    const trusted = encodePem('TRUSTED CERTIFICATE', join(leaf.der, sequence(octetString())))
    const inspection = await inspect(trusted + pemOf(authority), chain)
    expect(codesOf(inspection)).toEqual([])
    expect(inspection.normalizedPem).toBe(pemOf(leaf, authority))
  })

  test('takes a certificate under the label of something else', async () => {
    const { leaf, authority, chain } = await mintChain()
    const inspection = await inspect(encodePem('PKCS7', leaf.der) + pemOf(authority), chain)
    expect(codesOf(inspection)).toEqual(['repaired mislabelled_block'])
    expect(inspection.normalizedPem).toBe(pemOf(leaf, authority))
  })

  test('tells what to do where there is nothing else', async () => {
    const inspection = await inspect(encodePem('CERTIFICATE REQUEST', sequence()))
    expect(codesOf(inspection)).toEqual(['warning other_blocks_dropped', 'error no_certificate'])
  })
})

describe('inspectBundle() of signatures by SHA-1', () => {
  test('refuses them on a leaf', async () => {
    const keys = await generateKeys(SIGNINGS.rsaSha1)
    const authority = await mintAuthority(await mintRoot(), { keys })
    const inspection = await inspect(pemOf(await mintLeaf(authority), authority))
    expect(codesOf(inspection)).toContain('error signature_algorithm_weak')
  })

  test('takes them on a root, which is trusted for itself', async () => {
    const root = await mintRoot({ keys: await generateKeys(SIGNINGS.rsaSha1) })
    const inspection = await inspect(pemOf(root), { purpose: 'trusted-ca', rules: {} })
    expect(codesOf(inspection)).not.toContain('error signature_algorithm_weak')
  })
})

describe('inspectBundle() counts', () => {
  test('the certificates of a chain', async () => {
    const { leaf, authority, chain } = await mintChain()
    const rules = { needsPrivateKey: false, maxCertificates: 1 }
    const codes = codesOf(await inspect(pemOf(leaf, authority), { ...chain, rules }))
    expect(codes).toContain('error too_many_certificates')
  })

  test('authorities to trust', async () => {
    const keys = await generateKeys()
    const minted = Array.from({ length: 21 }, (_, index) =>
      mintRoot({ keys, name: commonName(`Root ${index}`) }),
    )
    const roots = await Promise.all(minted)
    const asked = { purpose: 'trusted-ca', rules: { marginDays: 0 } } as const
    expect(codesOf(await inspect(pemOf(...roots), asked))).toContain('error too_many_certificates')
    expect(codesOf(await inspect(pemOf(...roots.slice(1)), asked))).toEqual([])
  })

  test('blocks', async () => {
    const { leaf } = await mintChain()
    expect(codesOf(await inspect(pemOf(leaf).repeat(65)))).toEqual(['error pem_malformed'])
  })

  // Each of them takes a passphrase that is slow by design.
  test('private keys', async () => {
    const { leaf, authority } = await mintChain()
    const keys = (await keyOf(leaf.keys)).repeat(5)
    const codes = codesOf(await inspect(keys + pemOf(leaf, authority), { rules: {} }))
    expect(codes).toContain('error private_key_unreadable')
  })
})

describe('inspectBundle() puts the private key', () => {
  test.each([
    ['first', (key: string, certificates: string) => key + certificates],
    ['last', (key: string, certificates: string) => certificates + key],
    ['apart', (_: string, certificates: string) => certificates],
  ] as const)('%s', async (keyPlace, place) => {
    const { leaf, authority, chain } = await mintChain()
    const certificates = pemOf(leaf, authority)
    const privateKey = await keyOf(leaf.keys)
    const inspection = await inspect(certificates, { ...chain, privateKey, rules: { keyPlace } })
    const { normalizedPem, privateKeyPkcs8 } = inspection
    if (privateKeyPkcs8 === null) throw new Error('Cannot find the private key')
    const canonical = encodePem('PRIVATE KEY', privateKeyPkcs8)
    expect(codesOf(inspection)).toEqual([])
    expect(normalizedPem).toBe(place(canonical, certificates))
  })

  test('where it belongs if it came behind, and tells so only where that matters', async () => {
    const { leaf, authority, chain } = await mintChain()
    const pem = pemOf(leaf, authority) + (await keyOf(leaf.keys))
    const codes = async (keyPlace: 'first' | 'last') =>
      codesOf(await inspect(pem, { ...chain, rules: { keyPlace } }))
    expect(await codes('first')).toEqual(['repaired reordered'])
    expect(await codes('last')).toEqual([])
  })
})
