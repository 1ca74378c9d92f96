import { describe, expect, test } from 'vitest'
import {
  boolean,
  explicit,
  implicit,
  integer,
  join,
  octetString,
  oid,
  sequence,
  utf8,
} from '../../testing/der.ts'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { basicConstraints, extension, generalNames } from '../../testing/extensions.ts'
import { commonName, dns } from '../../testing/names.ts'
import { SIGNINGS } from '../../testing/keys.ts'

const UNKNOWN = '1.3.6.1.4.1.99999.1'
const unknown = extension(UNKNOWN, sequence(), true)
const alternative = extension('subjectAlternativeName', generalNames(dns('example.com')), true)

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['the sound path that the others differ from', {}, []],
  ['a serial number of zero', { leaf: { serial: integer(0) } }, ['serial_not_positive']],
  [
    'a negative one',
    { leaf: { serial: integer(Uint8Array.of(0x80, 1)) } },
    ['serial_not_positive'],
  ],
  [
    'one of 21 octets',
    { authority: { serial: integer(new Uint8Array(21).fill(1)) } },
    ['serial_too_long'],
  ],
  [
    'one with needless octets',
    { leaf: { serial: integer(Uint8Array.of(0, 1)) } },
    ['certificate_malformed'],
  ],
  ['version 1', { leaf: { version: null } }, ['version_unsupported']],
  [
    'version 1 written out',
    { leaf: { version: explicit(0, integer(0)) } },
    ['certificate_malformed'],
  ],
  [
    'another algorithm inside of what is signed',
    { leaf: { innerAlgorithm: SIGNINGS.p384.identifier } },
    ['signature_algorithm_mismatch'],
  ],
  [
    'a critical extension that nobody knows',
    { leaf: { extensions: { unknown } } },
    ['extension_unknown_critical'],
  ],
  [
    'the same on an authority',
    { authority: { extensions: { unknown } } },
    ['extension_unknown_critical'],
  ],
  ['the same on the root', { root: { extensions: { unknown } } }, ['extension_unknown_critical']],
  [
    'an unknown extension that is not critical',
    { leaf: { extensions: { unknown: extension(UNKNOWN, sequence()) } } },
    [],
  ],
  ['an extension twice', { leaf: { extensions: { again: alternative } } }, ['extension_duplicate']],
  [
    'a default written out in full: critical FALSE',
    {
      leaf: {
        extensions: { unknown: sequence(oid(UNKNOWN), boolean(false), octetString(sequence())) },
      },
    },
    ['certificate_malformed'],
  ],
  [
    'a default written out in full: cA FALSE',
    {
      leaf: {
        extensions: { basicConstraints: extension('basicConstraints', sequence(boolean(false))) },
      },
    },
    ['extension_malformed'],
  ],
  [
    'bytes after the end of an extension',
    {
      leaf: {
        extensions: {
          basicConstraints: extension(
            'basicConstraints',
            join(basicConstraints(false), sequence()),
          ),
        },
      },
    },
    ['extension_malformed'],
  ],
  [
    'text where the names should be',
    {
      leaf: {
        extensions: {
          subjectAlternativeName: extension('subjectAlternativeName', utf8('example.com'), true),
        },
      },
    },
    ['extension_malformed', 'hostname_mismatch'],
  ],
  [
    'an access description that is none',
    {
      leaf: {
        extensions: { access: extension('authorityInformationAccess', sequence()) },
      },
    },
    ['extension_malformed'],
  ],
  [
    'access information that is critical',
    {
      leaf: {
        extensions: {
          access: extension(
            'authorityInformationAccess',
            sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), implicit(6, 'http://ocsp.example.com'))),
            true,
          ),
        },
      },
    },
    ['extension_must_not_be_critical', 'extension_unknown_critical'],
  ],
  [
    'a precertificate, which is no certificate',
    {
      leaf: {
        extensions: { poison: extension('precertificatePoison', Uint8Array.of(5, 0), true) },
      },
    },
    ['extension_unknown_critical'],
  ],
  [
    'an authority without a name',
    { authority: { name: sequence() } },
    ['issuer_empty', 'subject_empty'],
  ],
  [
    'an issuer spelled in another case',
    { leaf: { issuerName: commonName('INTERMEDIATE') } },
    ['name_chaining_inexact'],
  ],
  [
    'the same where the profile allows it',
    { profile: 'rfc5280', leaf: { issuerName: commonName('INTERMEDIATE') } },
    [],
  ],
]

describe('checkForm() and checkExtensions()', () => {
  test.each(CASES)('judge %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
