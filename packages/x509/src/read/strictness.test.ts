import { toUtf8 } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import {
  bitString,
  boolean,
  der,
  explicit,
  generalizedTime,
  implicit,
  integer,
  join,
  nothing,
  octetString,
  oid,
  sequence,
  set,
  utcTime,
  utf8,
} from '../testing/der.ts'
import { extension, generalNames, nameConstraints } from '../testing/extensions.ts'
import { type Changes, mintRoot } from '../testing/mint.ts'
import { dns, ip } from '../testing/names.ts'
import { readCertificate } from './certificate.ts'

const CN = oid('2.5.4.3')

/** Malformed extensions are told apart from a certificate that cannot be read at all. */
async function flawOf(name: string, value: Uint8Array): Promise<string | undefined> {
  const { der: bytes } = await mintRoot({ extensions: { [name]: extension(name, value) } })
  return readCertificate(bytes).flaws[0]?.message
}

describe('readCertificate() tells the flaw of', () => {
  test.each<[string, string, Uint8Array]>([
    ['cA as FALSE, the default, in full', 'basicConstraints', sequence(boolean(false))],
    ['cA that is neither', 'basicConstraints', sequence(der(0x01, Uint8Array.of(1)))],
    [
      'a negative path length',
      'basicConstraints',
      sequence(boolean(true), integer(Uint8Array.of(0x80))),
    ],
    [
      'a padded path length',
      'basicConstraints',
      sequence(boolean(true), integer(Uint8Array.of(0, 1))),
    ],
    ['an enormous path length', 'basicConstraints', sequence(boolean(true), integer(2 ** 30))],
    ['a member too many', 'basicConstraints', sequence(boolean(true), integer(1), integer(1))],
    ['members the wrong way round', 'basicConstraints', sequence(integer(1), boolean(true))],
    ['something behind it', 'basicConstraints', join(sequence(boolean(true)), nothing)],
    ['a usage without bits', 'keyUsage', bitString(new Uint8Array())],
    ['a usage with zero bits alone', 'keyUsage', bitString(Uint8Array.of(0))],
    ['a usage with trailing zero bits', 'keyUsage', bitString(Uint8Array.of(6))],
    ['a usage that has no name', 'keyUsage', bitString(Uint8Array.of(0, 0x40), 6)],
    ['no usages', 'extendedKeyUsage', sequence()],
    ['a usage that is no identifier', 'extendedKeyUsage', sequence(utf8('serverAuth'))],
    ['a set of usages', 'extendedKeyUsage', set(oid('1.3.6.1.5.5.7.3.1'))],
    ['no names', 'subjectAlternativeName', generalNames()],
    ['a name beyond ASCII', 'subjectAlternativeName', generalNames(implicit(2, 'zürich.example'))],
    ['a name of an unknown type', 'subjectAlternativeName', generalNames(implicit(9, 'x'))],
    ['a name of the wrong form', 'subjectAlternativeName', generalNames(explicit(2, utf8('x')))],
    [
      'a padded registeredID',
      'subjectAlternativeName',
      generalNames(implicit(8, Uint8Array.of(0x2a, 0x80, 1))),
    ],
    ['no constraints', 'nameConstraints', sequence()],
    ['an empty list of constraints', 'nameConstraints', sequence(explicit(0))],
    [
      'a constraint with its minimum in full',
      'nameConstraints',
      sequence(explicit(0, sequence(dns('example.com'), implicit(0, Uint8Array.of(0))))),
    ],
    [
      'a constraint with a maximum',
      'nameConstraints',
      sequence(explicit(0, sequence(dns('example.com'), implicit(1, Uint8Array.of(1))))),
    ],
    [
      'a padded serial number',
      'authorityKeyIdentifier',
      sequence(implicit(2, Uint8Array.of(0, 1))),
    ],
    ['an empty key identifier', 'subjectKeyIdentifier', octetString()],
    ['a padded policy counter', 'policyConstraints', sequence(implicit(0, Uint8Array.of(0, 1)))],
    ['a negative policy counter', 'policyConstraints', sequence(implicit(1, Uint8Array.of(0x80)))],
    ['no policy counters', 'policyConstraints', sequence()],
    ['a negative inhibitAnyPolicy', 'inhibitAnyPolicy', integer(Uint8Array.of(0x80))],
    ['a policy twice', 'certificatePolicies', sequence(sequence(CN), sequence(CN))],
    ['no policy qualifiers', 'certificatePolicies', sequence(sequence(CN, sequence()))],
    ['a mapping to nothing', 'policyMappings', sequence(sequence(CN))],
    ['no ways of access', 'authorityInformationAccess', sequence()],
    ['access to nothing', 'authorityInformationAccess', sequence(sequence(CN))],
  ])('%s', async (_, name, value) => {
    expect(await flawOf(name, value)).toEqual(expect.any(String))
  })
})

test('readCertificate() keeps addresses and masks as they stand, sound or not', async () => {
  const odd = implicit(7, Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0))
  const constraints = nameConstraints([odd, ip('192.0.2.0', '255.255.255.0')], [implicit(7, 'abc')])
  const { der: bytes } = await mintRoot({
    extensions: { nameConstraints: extension('nameConstraints', constraints, true) },
  })
  const { extensions, flaws } = readCertificate(bytes)
  expect(flaws).toEqual([])
  expect(extensions.nameConstraints).toEqual({
    permitted: [
      { kind: 'ip', octets: Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0) },
      { kind: 'ip', octets: Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0) },
    ],
    excluded: [{ kind: 'ip', octets: Uint8Array.of(97, 98, 99) }],
  })
})

test('readCertificate() reads names of every type', async () => {
  const names = generalNames(
    explicit(0, CN, explicit(0, nothing)),
    implicit(1, 'a@example.com'),
    explicit(3, sequence(), sequence()),
    explicit(4, sequence()),
    explicit(5, explicit(1, utf8('party'))),
    implicit(6, 'https://example.com/'),
    implicit(8, Uint8Array.of(0x2a, 3)),
  )
  const { der: bytes } = await mintRoot({
    extensions: { subjectAlternativeName: extension('subjectAlternativeName', names) },
  })
  const { extensions, flaws } = readCertificate(bytes)
  expect(flaws).toEqual([])
  expect(extensions.subjectAlternativeName).toMatchObject([
    { kind: 'other', oid: '2.5.4.3' },
    { kind: 'email', text: 'a@example.com' },
    { kind: 'x400' },
    { kind: 'directory', name: { parts: [] } },
    { kind: 'ediParty' },
    { kind: 'uri', text: 'https://example.com/' },
    { kind: 'other', oid: '1.2.3' },
  ])
})

test('readCertificate() reads every kind of text in names, and keeps what is none', async () => {
  const attributes = [
    utf8('Zürich'),
    der(0x13, toUtf8('printable')),
    der(0x14, Uint8Array.of(0x5a, 0xfc)),
    der(0x16, toUtf8('ia5')),
    der(0x1a, toUtf8('visible')),
    der(0x1c, Uint8Array.of(0, 0, 0, 0x61)),
    der(0x1e, Uint8Array.of(0, 0x62)),
    integer(1),
  ].map((value) => set(sequence(CN, value)))
  const { der: bytes } = await mintRoot({ name: sequence(...attributes) })
  expect(
    readCertificate(bytes)
      .subject.parts.flat()
      .map(({ text }) => text),
  ).toEqual(['Zürich', 'printable', 'Zü', 'ia5', 'visible', 'a', 'b', null])
})

describe('readCertificate() refuses', () => {
  test.each<[string, Changes]>([
    ['version 1 in full', { version: explicit(0, integer(0)) }],
    ['version 4', { version: explicit(0, integer(3)) }],
    ['a negative version', { version: explicit(0, integer(Uint8Array.of(0xff))) }],
    ['a padded serial number', { serial: integer(Uint8Array.of(0, 1)) }],
    ['a name with an empty part', { name: sequence(set()) }],
    ['an attribute without value', { name: sequence(set(sequence(CN))) }],
    ['broken UTF-8', { name: sequence(set(sequence(CN, der(0x0c, Uint8Array.of(0xc3))))) }],
    ['half a character', { name: sequence(set(sequence(CN, der(0x1e, Uint8Array.of(0xd8, 0))))) }],
    ['half of two octets', { name: sequence(set(sequence(CN, der(0x1e, Uint8Array.of(0))))) }],
    ['30 February', { notAfter: utcTime('270230000000Z') }],
    ['a time without seconds', { notAfter: utcTime('2702010000Z') }],
    ['a time with a fraction', { notAfter: generalizedTime('20500101000000.5Z') }],
    ['a time that is text', { notAfter: utf8('270201000000Z') }],
    ['no time', { notAfter: nothing }],
    [
      'an extension that is FALSE in full',
      { extensions: { odd: sequence(oid('1.2.3'), boolean(false), octetString()) } },
    ],
    ['an extension without value', { extensions: { odd: sequence(oid('1.2.3')) } }],
    ['an extension of bits', { extensions: { odd: sequence(oid('1.2.3'), bitString(nothing)) } }],
  ])('%s', async (_, changes) => {
    const { der: bytes } = await mintRoot(changes)
    expect(() => readCertificate(bytes)).toThrow(expect.objectContaining({ name: 'EncodingError' }))
  })

  test('a list of extensions that is empty', async () => {
    const none = { basicConstraints: null, keyUsage: null, subjectKeyIdentifier: null }
    const { der: bytes } = await mintRoot({ extensions: { ...none, odd: new Uint8Array() } })
    expect(() => readCertificate(bytes)).toThrow('Extensions is empty')
  })

  test('what follows a certificate, or comes too early to its end', async () => {
    const { der: bytes } = await mintRoot()
    expect(() => readCertificate(join(bytes, Uint8Array.of(0)))).toThrow(/trailing/)
    expect(() => readCertificate(bytes.slice(0, -1))).toThrow(/cut off/)
    expect(() => readCertificate(new Uint8Array())).toThrow(/empty/)
  })

  // Thousands of empty names in a few kilobytes cost others seconds.
  test('a flood of empty elements', async () => {
    const flood = generalNames(...Array.from({ length: 5_000 }, () => implicit(2, '')))
    expect(await flawOf('subjectAlternativeName', flood)).toMatch(/more than \d+ elements/)
  })
})
