import { encodePem } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { bitString, oid, sequence } from '../testing/der.ts'
import {
  basicConstraints,
  extension,
  generalNames,
  nameConstraints,
} from '../testing/extensions.ts'
import { type Minted, mintAuthority, mintLeaf, mintRoot, NOW } from '../testing/mint.ts'
import { dns } from '../testing/names.ts'
import { type BundleRequest, inspectBundle } from './inspect.ts'

const pemOf = (...minted: readonly Minted[]): string =>
  minted.map(({ der }) => encodePem('CERTIFICATE', der)).join('')

const inspect = (pem: string, more: Partial<BundleRequest> = {}) =>
  inspectBundle({ pem, purpose: 'server', rules: { needsPrivateKey: false }, at: NOW, ...more })

const errorsOf = async (inspection: ReturnType<typeof inspectBundle>) =>
  (await inspection).findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, certificate }) => [code, certificate])

describe('inspectBundle()', () => {
  test('describes the bundle in its order, then what was left out', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const { certificates, normalizedPem } = await inspect(pemOf(root, authority, leaf), {
      roots: pemOf(root),
    })
    expect(
      certificates.map(({ isAuthority, isSelfSigned }) => [isAuthority, isSelfSigned]),
    ).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ])
    expect(normalizedPem).toBe(pemOf(leaf, authority))
  })

  // Somebody puts an authority of the same name, but with a key of his own, beside a leaf.
  test('refuses an issuer that has the name alone', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(await mintAuthority(root))
    const impostor = await mintAuthority(root)
    expect(await errorsOf(inspect(pemOf(leaf, impostor)))).toEqual([['signature_invalid', 1]])
  })

  test('refuses a chain longer than an authority allows', async () => {
    const root = await mintRoot({
      extensions: {
        basicConstraints: extension('basicConstraints', basicConstraints(true, 0), true),
      },
    })
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const errors = await errorsOf(inspect(pemOf(leaf, authority), { roots: pemOf(root) }))
    expect(errors).toEqual([['path_length_exceeded', undefined]])
  })

  // One letter of the key's type is damaged: nobody can check any more what the authority signed.
  test('refuses an authority whose key is of no type that software knows', async () => {
    const unknown = sequence(sequence(oid('0.2.840.10045.2.1')), bitString(new Uint8Array(65)))
    const authority = await mintAuthority(await mintRoot(), { spki: unknown })
    const errors = await errorsOf(inspect(pemOf(await mintLeaf(authority), authority)))
    expect(errors.flat()).toContain('key_unsupported')
  })

  // Damage to an identifier breaks no signature below it, and OpenSSL finds no issuer any more.
  test('refuses an authority that is not identified as what it signed says, and takes the sound one', async () => {
    const root = await mintRoot()
    const sound = await mintAuthority(root)
    const leaf = await mintLeaf(sound)
    const octets = Uint8Array.of(4, 2, 1, 2)
    const damaged = await mintAuthority(root, {
      keys: sound.keys,
      extensions: { subjectKeyIdentifier: extension('subjectKeyIdentifier', octets) },
    })
    expect(await errorsOf(inspect(pemOf(leaf, damaged)))).toEqual([['key_identifier_mismatch', 1]])
    const { verdict, normalizedPem } = await inspect(pemOf(leaf, damaged, sound))
    expect([verdict, normalizedPem]).toEqual(['warn', pemOf(leaf, sound)])
  })

  test('refuses a name that an authority may not issue', async () => {
    const authority = await mintAuthority(await mintRoot(), {
      extensions: {
        nameConstraints: extension('nameConstraints', nameConstraints([dns('example.org')]), true),
      },
    })
    const leaf = await mintLeaf(authority)
    expect((await errorsOf(inspect(pemOf(leaf, authority)))).flat()).toContain('name_not_permitted')
  })

  test('only warns of names that no longer count', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority, {
      extensions: {
        subjectAlternativeName: extension('subjectAlternativeName', generalNames(), true),
      },
    })
    const { findings } = await inspect(pemOf(leaf, authority), { roots: pemOf(root) })
    expect(findings.map(({ code }) => code)).toContain('subject_alternative_name_missing')
  })

  test.each([
    ['', 'no_certificate'],
    ['hello', 'no_certificate'],
    ['x'.repeat(300_000), 'text_too_large'],
    ['-----BEGIN CERTIFICATE-----\nMII', 'pem_malformed'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificate_malformed'],
  ])('refuses a text without a certificate, %#', async (pem, code) => {
    const inspection = await inspect(pem)
    expect(inspection).toMatchObject({ verdict: 'fail', certificates: [], normalizedPem: null })
    expect(inspection.findings.map((finding) => finding.code)).toEqual([code])
  })
})
