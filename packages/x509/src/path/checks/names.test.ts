import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { implicit, utf8 } from '../../testing/der.ts'
import { extension, generalNames } from '../../testing/extensions.ts'
import { commonName, directory, dns, email, ip, nameOf, uri } from '../../testing/names.ts'

/** A leaf with these alternative names, and by default with no other name. */
const leaf = (names: readonly Uint8Array[], name?: ReturnType<typeof commonName>) => ({
  ...(name === undefined ? {} : { name }),
  extensions: {
    subjectAlternativeName: extension(
      'subjectAlternativeName',
      generalNames(...names),
      name === undefined,
    ),
  },
})

const COMMON = 'common_name_not_in_subject_alternative_name'
const EXAMPLE = dns('example.com')

const ALTERNATIVE: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['a host in other case', { hostname: 'EXAMPLE.com.' }, []],
  ['another host', { hostname: 'example.org' }, ['hostname_mismatch']],
  ['a host below', { hostname: 'www.example.com' }, ['hostname_mismatch']],
  ['a wildcard', { hostname: 'www.example.com', leaf: leaf([dns('*.example.com')]) }, []],
  [
    'a wildcard over two labels',
    { hostname: 'a.b.example.com', leaf: leaf([dns('*.example.com')]) },
    ['hostname_mismatch'],
  ],
  ['a wildcard over none', { leaf: leaf([dns('*.example.com')]) }, ['hostname_mismatch']],
  [
    'a part of a label',
    { hostname: 'www.example.com', leaf: leaf([dns('w*.example.com')]) },
    ['hostname_mismatch', 'wildcard_forbidden'],
  ],
  [
    'a wildcard further in',
    { hostname: 'a.b.example.com', leaf: leaf([dns('a.*.example.com')]) },
    ['hostname_mismatch', 'wildcard_forbidden'],
  ],
  [
    'a wildcard inside of an A-label',
    { hostname: 'xn--abc-0qa.example.com', leaf: leaf([dns('xn--*-0qa.example.com')]) },
    ['hostname_mismatch', 'wildcard_forbidden'],
  ],
  [
    'two wildcards',
    { hostname: 'a.b.example.com', leaf: leaf([dns('*.*.example.com')]) },
    ['hostname_mismatch', 'wildcard_forbidden'],
  ],
  [
    'a wildcard for everything',
    { leaf: leaf([dns('*')]) },
    ['hostname_mismatch', 'wildcard_forbidden'],
  ],
  [
    'a wildcard for a top-level domain',
    { leaf: leaf([dns('*.com')]) },
    ['wildcard_on_public_suffix'],
  ],
  [
    'an underscore',
    { leaf: leaf([EXAMPLE, dns('_sip.example.com')]) },
    ['subject_alternative_name_malformed'],
  ],
  ['an empty name', { leaf: leaf([EXAMPLE, dns('')]) }, ['subject_alternative_name_malformed']],
  ['a host of one label', { hostname: 'localhost', leaf: leaf([dns('localhost')]) }, []],
  [
    'a leading dot',
    { leaf: leaf([EXAMPLE, dns('.example.com')]) },
    ['subject_alternative_name_malformed'],
  ],
  [
    'a dot at the end',
    { leaf: leaf([EXAMPLE, dns('example.com.')]) },
    ['subject_alternative_name_malformed'],
  ],
  // The part before the zero is what software in C would see.
  [
    'a zero inside',
    { leaf: leaf([dns('example.com\0.attacker.test')]) },
    ['hostname_mismatch', 'subject_alternative_name_malformed'],
  ],
  [
    'characters beyond ASCII',
    { leaf: leaf([EXAMPLE, dns('exämple.com')]) },
    ['extension_malformed', 'hostname_mismatch'],
  ],
  [
    'an address as a host name',
    { ip: '192.0.2.1', leaf: leaf([EXAMPLE, dns('192.0.2.1')]) },
    ['ip_mismatch', 'subject_alternative_name_malformed'],
  ],
  ['an address', { ip: '192.0.2.1', leaf: leaf([EXAMPLE, ip('192.0.2.1')]) }, []],
  [
    'an address of version 6, spelled in another way',
    { ip: '2001:DB8:0::1', leaf: leaf([EXAMPLE, ip('2001:db8::1')]) },
    [],
  ],
  ['another address', { ip: '192.0.2.2', leaf: leaf([EXAMPLE, ip('192.0.2.1')]) }, ['ip_mismatch']],
  [
    'an address of five octets',
    { leaf: leaf([EXAMPLE, implicit(7, new Uint8Array(5))]) },
    ['subject_alternative_name_malformed'],
  ],
  [
    'a question that is no host',
    { hostname: '*.example.com', leaf: leaf([dns('*.example.com')]) },
    ['reference_malformed'],
  ],
  [
    'a question that is no address',
    { ip: '192.0.2.01', leaf: leaf([EXAMPLE, ip('192.0.2.1')]) },
    ['reference_malformed'],
  ],
  [
    'a mailbox on a server',
    { leaf: leaf([EXAMPLE, email('user@example.com')]) },
    ['subject_alternative_name_type'],
  ],
  [
    'a mailbox where no purpose is asked for',
    { purpose: 'any', email: 'user@EXAMPLE.com', leaf: leaf([EXAMPLE, email('user@example.com')]) },
    [],
  ],
  [
    'a mailbox in other case',
    { purpose: 'any', email: 'User@example.com', leaf: leaf([EXAMPLE, email('user@example.com')]) },
    ['email_mismatch'],
  ],
  [
    'a URI without a scheme',
    { purpose: 'any', leaf: leaf([EXAMPLE, uri('//example.com/')]) },
    ['subject_alternative_name_malformed'],
  ],
  [
    'a directory on a server',
    { leaf: leaf([EXAMPLE, directory(commonName('x'))]) },
    ['subject_alternative_name_type'],
  ],
  [
    'no alternative name',
    { leaf: { name: commonName('example.com'), extensions: { subjectAlternativeName: null } } },
    [COMMON, 'hostname_mismatch', 'subject_alternative_name_missing'],
  ],
  [
    'the same in the other profile: common names do not count',
    {
      profile: 'rfc5280',
      leaf: { name: commonName('example.com'), extensions: { subjectAlternativeName: null } },
    },
    ['hostname_mismatch'],
  ],
  [
    'names that are not critical and the only ones',
    {
      leaf: {
        extensions: {
          subjectAlternativeName: extension('subjectAlternativeName', generalNames(EXAMPLE)),
        },
      },
    },
    ['subject_alternative_name_criticality'],
  ],
  [
    'names that are critical beside another',
    {
      leaf: {
        name: commonName('example.com'),
        extensions: {
          subjectAlternativeName: extension('subjectAlternativeName', generalNames(EXAMPLE), true),
        },
      },
    },
    ['subject_alternative_name_criticality'],
  ],
]

describe('checkAlternativeName() and checkIdentity()', () => {
  test.each(ALTERNATIVE)('judge %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})

const ADDRESSES = [EXAMPLE, ip('192.0.2.1'), ip('2001:db8::1')]
const two = nameOf(['2.5.4.3', utf8('example.com')], ['2.5.4.3', utf8('example.com')])

const COMMON_NAMES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['a copy', { leaf: leaf([EXAMPLE], commonName('example.com')) }, []],
  ['another host', { leaf: leaf([EXAMPLE], commonName('example.org')) }, [COMMON]],
  ['another case', { leaf: leaf([EXAMPLE], commonName('Example.com')) }, [COMMON]],
  [
    'a U-label',
    {
      hostname: 'xn--exmple-cua.com',
      leaf: leaf([dns('xn--exmple-cua.com')], commonName('exämple.com')),
    },
    [COMMON],
  ],
  ['an address', { leaf: leaf(ADDRESSES, commonName('192.0.2.1')) }, []],
  [
    'an address with leading zeros',
    { leaf: leaf(ADDRESSES, commonName('192.000.002.001')) },
    [COMMON],
  ],
  ['an address in hex', { leaf: leaf(ADDRESSES, commonName('0xc0.0x00.0x02.0x01')) }, [COMMON]],
  ['an address of version 6', { leaf: leaf(ADDRESSES, commonName('2001:db8::1')) }, []],
  ['one in upper case', { leaf: leaf(ADDRESSES, commonName('2001:DB8::1')) }, [COMMON]],
  ['one in full', { leaf: leaf(ADDRESSES, commonName('2001:db8:0:0:0:0:0:1')) }, [COMMON]],
  ['two of them', { leaf: leaf([EXAMPLE], two) }, [COMMON]],
  [
    'anything in the other profile',
    { profile: 'rfc5280', leaf: leaf([EXAMPLE], commonName('PBX')) },
    [],
  ],
]

describe('checkCommonName()', () => {
  test.each(COMMON_NAMES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
