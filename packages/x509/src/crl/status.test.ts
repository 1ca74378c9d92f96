import type { Bytes } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { type CrlChanges, mintCrl, revokedEntry } from '../testing/crl.ts'
import { explicit, implicit, integer, sequence, utcTime } from '../testing/der.ts'
import { authorityKeyIdentifier, extension, keyUsage } from '../testing/extensions.ts'
import { errorsOf, judge } from '../testing/judge.ts'
import { generateKeys, SIGNINGS } from '../testing/keys.ts'
import { mintAuthority, type Minted, mintLeaf, mintRoot } from '../testing/mint.ts'
import { commonName, uri } from '../testing/names.ts'

const SERIAL = integer(0x4711)
const UNKNOWN = ['revocation_unknown']

async function errorsWith(
  issuerOf: (root: Minted, leaf: Minted) => Promise<readonly Bytes[]>,
  leafExtensions: Readonly<Record<string, Bytes>> = {},
): Promise<readonly string[]> {
  const root = await mintRoot()
  const leaf = await mintLeaf(root, { serial: SERIAL, extensions: leafExtensions })
  return errorsOf(judge(leaf, root, { crls: await issuerOf(root, leaf) }))
}

const errorsOfCrl = (changes: CrlChanges) =>
  errorsWith(async (root) => [await mintCrl(root, changes)])

const point = (...parts: readonly Uint8Array[]) => ({
  extensions: { scope: extension('issuingDistributionPoint', sequence(...parts), true) },
})
const TRUE = Uint8Array.of(0xff)
const at = (text: string) => explicit(0, explicit(0, uri(text)))

const CASES: readonly (readonly [string, CrlChanges, readonly string[]])[] = [
  ['a sound CRL that does not list it', {}, []],
  ['one that lists another', { revoked: [revokedEntry(integer(0x4712))] }, []],
  ['one that lists it', { revoked: [revokedEntry(SERIAL)] }, ['revoked']],
  [
    'one that lists it and is old',
    { revoked: [revokedEntry(SERIAL)], nextUpdate: utcTime('270111000000Z') },
    ['revoked'],
  ],
  [
    'one that puts it on hold',
    { revoked: [revokedEntry(SERIAL, extension('crlReason', Uint8Array.of(0x0a, 1, 6)))] },
    ['revoked'],
  ],
  // An old CRL from before the revocation is served again.
  ['one whose successor is due', { nextUpdate: utcTime('270114235959Z') }, UNKNOWN],
  ['one from the future', { thisUpdate: utcTime('270115000001Z') }, UNKNOWN],
  ['one that never ends', { nextUpdate: null }, UNKNOWN],
  ['one of version 1', { version: null }, UNKNOWN],
  ['one without a number', { extensions: { crlNumber: null } }, UNKNOWN],
  [
    'one with a critical number',
    { extensions: { crlNumber: extension('crlNumber', integer(7), true) } },
    UNKNOWN,
  ],
  [
    'one with a number that is too long',
    { extensions: { crlNumber: extension('crlNumber', integer(new Uint8Array(21).fill(1))) } },
    UNKNOWN,
  ],
  ['one that does not identify its key', { extensions: { authorityKeyIdentifier: null } }, UNKNOWN],
  [
    'one that identifies another',
    {
      extensions: {
        authorityKeyIdentifier: extension(
          'authorityKeyIdentifier',
          authorityKeyIdentifier(Uint8Array.of(1)),
        ),
      },
    },
    UNKNOWN,
  ],
  ['one with another algorithm inside', { innerAlgorithm: SIGNINGS.p384.identifier }, UNKNOWN],
  [
    'one with a critical extension that nobody knows',
    { extensions: { unknown: extension('1.3.6.1.4.1.99999.1', sequence(), true) } },
    UNKNOWN,
  ],
  [
    'one of changes alone',
    { extensions: { delta: extension('deltaCrlIndicator', integer(1), true) } },
    UNKNOWN,
  ],
  [
    'an entry with a critical extension',
    { revoked: [revokedEntry(integer(1), extension('certificateIssuer', sequence(), true))] },
    UNKNOWN,
  ],
  ['one for users', point(implicit(1, TRUE)), []],
  ['one for authorities', point(implicit(2, TRUE)), UNKNOWN],
  ['one for some reasons', point(implicit(3, Uint8Array.of(6, 0x40))), UNKNOWN],
  ['an indirect one', point(implicit(4, TRUE)), UNKNOWN],
  ['one for attributes', point(implicit(5, TRUE)), UNKNOWN],
  [
    'one of a place that the certificate does not name',
    point(at('http://crl.example.com/2')),
    UNKNOWN,
  ],
  ['one that says nothing of its scope', point(), UNKNOWN],
]

describe('checkRevocation()', () => {
  test.each(CASES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfCrl(changes)).toEqual(codes)
  })

  test('takes a CRL of the place that the certificate names', async () => {
    const place = at('http://crl.example.com/1')
    const points = extension('crlDistributionPoints', sequence(sequence(place)))
    const issuerOf = async (root: Minted) => [await mintCrl(root, point(place))]
    expect(await errorsWith(issuerOf, { points })).toEqual([])
  })

  // The CRL comes from somebody who would like the certificate to be good.
  test('refuses a CRL that another key signed', async () => {
    const codes = await errorsWith(async (root) => [
      await mintCrl({ ...root, keys: await generateKeys() }),
    ])
    expect(codes).toEqual(UNKNOWN)
  })

  test('refuses a CRL whose issuer may not sign any', async () => {
    const usage = extension('keyUsage', keyUsage('keyCertSign'), true)
    const root = await mintRoot({ extensions: { keyUsage: usage } })
    const crls = [await mintCrl(root)]
    expect(await errorsOf(judge(await mintLeaf(root), root, { crls }))).toEqual(UNKNOWN)
  })

  test('wants an answer once CRLs are handed in, if only an empty list', async () => {
    const other = await mintRoot({ name: commonName('Other') })
    expect(await errorsWith(() => Promise.resolve([]))).toEqual(UNKNOWN)
    expect(await errorsWith(async () => [await mintCrl(other)])).toEqual(UNKNOWN)
    expect(await errorsWith(() => Promise.resolve([Uint8Array.of(1, 2)]))).toEqual(UNKNOWN)
  })

  test('believes one that lists it beside one that does not', async () => {
    const codes = await errorsWith(async (root) => [
      await mintCrl(root),
      await mintCrl(root, { revoked: [revokedEntry(SERIAL)] }),
    ])
    expect(codes).toEqual(['revoked'])
  })

  test('minds the serial number of the issuer alone', async () => {
    const other = await mintRoot({ name: commonName('Other') })
    const codes = await errorsWith(async (root) => [
      await mintCrl(root),
      await mintCrl(other, { revoked: [revokedEntry(SERIAL)] }),
    ])
    expect(codes).toEqual([])
  })

  test('judges intermediates by the CRLs of their issuers, where there are any', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root, { serial: SERIAL })
    const leaf = await mintLeaf(authority)
    const own = await mintCrl(authority)
    const revoking = await mintCrl(root, { revoked: [revokedEntry(SERIAL)] })
    const path = (...crls: readonly Bytes[]) =>
      errorsOf(judge(leaf, root, { intermediates: [authority], crls }))
    expect(await path(own)).toEqual([])
    expect(await path(own, revoking)).toEqual(['revoked'])
    expect(await path(revoking)).toEqual(['revocation_unknown', 'revoked'])
  })
})
