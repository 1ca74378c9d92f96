import { describe, expect, test } from 'vitest'
import { basicConstraints, extension } from '../testing/extensions.ts'
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
import { commonName } from '../testing/names.ts'
import { validatePath } from './validate.ts'

const pem = ({ der }: Minted): string =>
  `-----BEGIN CERTIFICATE-----\n${btoa(String.fromCharCode(...der))}\n-----END CERTIFICATE-----\n`

const withLength = (length: number): Changes => ({
  extensions: {
    basicConstraints: extension('basicConstraints', basicConstraints(true, length), true),
  },
})

describe('validatePath()', () => {
  test('gives the path from the leaf to the anchor', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const result = await judge(leaf, root, { intermediates: [authority] })
    expect(result).toEqual({ ok: true, path: [leaf.der, authority.der, root.der], warnings: [] })
  })

  test.each(['p256', 'p384', 'p521', 'rsa', 'pss'] as const)(
    'verifies signatures by %s',
    async (name) => {
      const keys = await generateKeys(SIGNINGS[name])
      const root = await mintRoot({ keys })
      expect(await errorsOf(judge(await mintLeaf(root), root))).toEqual([])
    },
  )

  test('verifies signatures by Ed25519 in the profile that has them', async () => {
    const root = await mintRoot({ keys: await generateKeys(SIGNINGS.ed25519) })
    const leaf = await mintLeaf(root)
    expect(await errorsOf(judge(leaf, root, { profile: 'rfc5280' }))).toEqual([])
    expect(await errorsOf(judge(leaf, root))).toEqual([
      'key_unsupported',
      'signature_algorithm_unsupported',
    ])
  })

  // Somebody signs with a key of their own in the name of an authority that is trusted.
  test('refuses a leaf that another key signed in the name of the root', async () => {
    const root = await mintRoot()
    const impostor = { ...root, keys: await generateKeys() }
    expect(await errorsOf(judge(await mintLeaf(impostor), root))).toEqual(['signature_invalid'])
  })

  // A single bit of what was signed is changed on the way.
  test('refuses a leaf that was changed after it was signed', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root)
    const der = leaf.der.slice()
    const at = new TextDecoder('latin1').decode(der).indexOf('example.com')
    der[at] = 'E'.charCodeAt(0)
    expect(await errorsOf(judge({ ...leaf, der }, root))).toEqual(['signature_invalid'])
  })

  test('tells which issuer is missing', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const result = await judge(leaf, root)
    expect(result).toMatchObject({
      ok: false,
      findings: [
        { code: 'issuer_not_found', source: 'RFC 5280 §6.1', certificate: { role: 'leaf' } },
      ],
    })
  })

  test('refuses every path where there is no anchor', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root)
    const request = {
      profile: 'rfc5280',
      purpose: 'any',
      at: NOW,
      intermediates: [root.der],
    } as const
    const result = await validatePath({ ...request, leaf: leaf.der, anchors: [] })
    expect(result.ok).toBe(false)
  })

  test('refuses what is no certificate', async () => {
    const root = await mintRoot()
    const nonsense = { ...root, der: Uint8Array.of(0x30, 0x80, 0, 0) }
    expect(await errorsOf(judge(nonsense, root))).toEqual(['certificate_malformed'])
  })

  test('passes over intermediates that cannot be read, with a warning', async () => {
    const root = await mintRoot()
    const nonsense = { ...root, der: Uint8Array.of(1, 2, 3) }
    const result = await judge(await mintLeaf(root), root, { intermediates: [nonsense] })
    expect(result).toMatchObject({ ok: true, warnings: [{ code: 'certificate_malformed' }] })
  })

  test('warns of what one profile takes and the other does not', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root, { issuerName: commonName('ROOT') })
    expect(await judge(leaf, root, { profile: 'rfc5280' })).toMatchObject({
      ok: true,
      warnings: [{ code: 'name_chaining_inexact', certificate: { role: 'leaf' } }],
    })
  })

  test('takes PEM of one block, and refuses text with anything around it', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root)
    const request = {
      profile: 'webpki',
      purpose: 'serverAuth',
      at: NOW,
      intermediates: [],
      anchors: [pem(root)],
    } as const
    expect(await errorsOf(validatePath({ ...request, leaf: pem(leaf) }))).toEqual([])
    expect(await errorsOf(validatePath({ ...request, leaf: `key\n${pem(leaf)}` }))).toEqual([
      'certificate_malformed',
    ])
  })

  test('takes a self-signed certificate that is its own anchor if it is an authority', async () => {
    const root = await mintRoot()
    const asked = { profile: 'rfc5280', purpose: 'any' } as const
    const result = validatePath({
      ...asked,
      at: NOW,
      leaf: root.der,
      intermediates: [],
      anchors: [root.der],
    })
    expect(await errorsOf(result)).toEqual([])
    expect((await errorsOf(judge(root, root))).includes('ca_as_leaf')).toBe(true)
  })
})

describe('validatePath() with limits on the path', () => {
  // An authority that may sign leaves alone makes itself another authority.
  test('refuses an intermediate below an authority with path length 0', async () => {
    const root = await mintRoot()
    const upper = await mintAuthority(root, { ...withLength(0), name: commonName('Upper') })
    const lower = await mintAuthority(upper, { name: commonName('Lower') })
    const leaf = await mintLeaf(lower)
    const path = judge(leaf, root, { intermediates: [upper, lower] })
    expect(await errorsOf(path)).toEqual(['path_length_exceeded'])
  })

  test('minds the path length of the root', async () => {
    const root = await mintRoot(withLength(0))
    const authority = await mintAuthority(root)
    const path = judge(await mintLeaf(authority), root, { intermediates: [authority] })
    expect(await errorsOf(path)).toEqual(['path_length_exceeded'])
  })

  test('does not count what an authority issued to itself', async () => {
    const root = await mintRoot()
    const upper = await mintAuthority(root, withLength(0))
    const renewed = await mintAuthority(upper)
    const path = judge(await mintLeaf(renewed), root, {
      intermediates: [upper, renewed],
      maxDepth: 1,
    })
    expect(await errorsOf(path)).toEqual([])
  })

  test('refuses more intermediates than were asked for', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const path = (maxDepth: number) =>
      errorsOf(judge(leaf, root, { intermediates: [authority], maxDepth }))
    expect(await path(0)).toEqual(['path_too_long'])
    expect(await path(1)).toEqual([])
  })
})
