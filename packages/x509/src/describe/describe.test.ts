import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { toHex } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { validatePath } from '../path/validate.ts'
import { sequence } from '../testing/der.ts'
import { extension, generalNames, nameConstraints } from '../testing/extensions.ts'
import { mintAuthority, mintLeaf, mintRoot } from '../testing/mint.ts'
import { commonName, directory, dns, email, ip, uri } from '../testing/names.ts'
import { describeCertificate } from './describe.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const hexOf = (buffer: ArrayBuffer): string => toHex(new Uint8Array(buffer))

describe('describeCertificate()', () => {
  test('describes a root', async () => {
    const { der, keyIdentifier } = await mintRoot()
    expect(await describeCertificate(der)).toMatchObject({
      subject: 'CN=Root',
      issuer: 'CN=Root',
      commonName: 'Root',
      subjectAlternativeNames: [],
      notBefore: Date.UTC(2027, 0, 1),
      notAfter: Date.UTC(2027, 1, 1),
      serialNumber: '1234',
      version: 3,
      key: 'EC P-256',
      signatureAlgorithm: 'ECDSA SHA-256',
      isAuthority: true,
      pathLength: null,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: null,
      nameConstraints: null,
      subjectKeyIdentifier: toHex(keyIdentifier),
      authorityKeyIdentifier: null,
      isSelfIssued: true,
      isSelfSigned: true,
      flaws: [],
    })
  })

  test('describes names of every kind', async () => {
    const names = [
      dns('*.example.com'),
      ip('2001:db8::1'),
      email('a@example.com'),
      uri('urn:x'),
      directory(commonName('x')),
    ]
    const leaf = await mintLeaf(await mintRoot(), {
      extensions: {
        subjectAlternativeName: extension('subjectAlternativeName', generalNames(...names), true),
        constraints: extension(
          'nameConstraints',
          nameConstraints([ip('192.0.2.0', '255.255.254.0')]),
        ),
      },
    })
    expect(await describeCertificate(leaf.der)).toMatchObject({
      subject: '',
      commonName: null,
      isAuthority: false,
      extendedKeyUsage: ['serverAuth'],
      subjectAlternativeNames: [
        { type: 'dns', value: '*.example.com' },
        { type: 'ip', value: '2001:db8::1' },
        { type: 'email', value: 'a@example.com' },
        { type: 'uri', value: 'urn:x' },
        { type: 'directory', value: 'CN=x' },
      ],
      nameConstraints: { permitted: [{ type: 'ip', value: '192.0.2.0/23' }], excluded: [] },
      isSelfIssued: false,
      isSelfSigned: false,
    })
  })

  test('tells self-issued from self-signed', async () => {
    const root = await mintRoot()
    const renewed = await mintAuthority(root, { name: commonName('Root') })
    const description = await describeCertificate(renewed.der)
    expect(description).toMatchObject({ isSelfIssued: true, isSelfSigned: false })
  })

  test('tells what is malformed and describes the rest', async () => {
    const { der } = await mintRoot({
      extensions: { keyUsage: extension('keyUsage', sequence(), true) },
    })
    expect(await describeCertificate(der)).toMatchObject({
      keyUsage: null,
      isAuthority: true,
      flaws: ['2.5.29.15: keyUsage is malformed'],
    })
  })

  test.each(['', 'no PEM', '-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----'])(
    'refuses %j with its code',
    async (text) => {
      await expect(describeCertificate(text)).rejects.toMatchObject({ code: 'certificate_invalid' })
    },
  )
})

describe('@peculiar/x509, another implementation,', () => {
  test('reads what we mint as we read it', async () => {
    const { der } = await mintLeaf(await mintRoot())
    const ours = await describeCertificate(der)
    const theirs = new X509Certificate(der)
    expect(ours.serialNumber).toBe(theirs.serialNumber)
    expect(ours.notAfter).toBe(theirs.notAfter.getTime())
    expect(ours.issuer).toBe(theirs.issuer)
    expect(ours.fingerprint).toBe(`sha256:${hexOf(await theirs.getThumbprint('SHA-256'))}`)
    const names = theirs.getExtension(SubjectAlternativeNameExtension)?.names.toJSON()
    expect(ours.subjectAlternativeNames).toEqual(names)
    expect(ours.authorityKeyIdentifier).toBe(
      theirs.getExtension(AuthorityKeyIdentifierExtension)?.keyId,
    )
  })

  test('mints a path that we accept', async () => {
    const usages: KeyUsage[] = ['sign', 'verify']
    const [caKeys, leafKeys] = await Promise.all([
      crypto.subtle.generateKey(ALGORITHM, false, usages),
      crypto.subtle.generateKey(ALGORITHM, false, usages),
    ])
    const dates = { notBefore: new Date('2027-01-01'), notAfter: new Date('2027-03-01') }
    const root = await X509CertificateGenerator.createSelfSigned({
      ...dates,
      name: 'CN=Root, O=Example',
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        await SubjectKeyIdentifierExtension.create(caKeys.publicKey),
      ],
    })
    const leaf = await X509CertificateGenerator.create({
      ...dates,
      subject: 'CN=example.com',
      issuer: root.subject,
      publicKey: leafKeys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: 'example.com' }]),
        await AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      ],
    })
    const result = await validatePath({
      profile: 'webpki',
      purpose: 'serverAuth',
      at: Date.UTC(2027, 1, 1),
      hostname: 'example.com',
      leaf: new Uint8Array(leaf.rawData),
      intermediates: [],
      anchors: [new Uint8Array(root.rawData)],
    })
    expect(result).toMatchObject({ ok: true, warnings: [] })
  })
})
