import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { implicit, integer, nothing, sequence, explicit } from '../../testing/der.ts'
import { extension, generalNames, nameConstraints } from '../../testing/extensions.ts'
import {
  commonName,
  directory,
  dns,
  email,
  emailAddress,
  ip,
  nameOf,
  otherName,
  uri,
} from '../../testing/names.ts'

type Names = readonly Uint8Array[]

const constraint = (value: Uint8Array, critical = true) => ({
  extensions: { nameConstraints: extension('nameConstraints', value, critical) },
})
const named = (...names: Names) => ({
  extensions: {
    subjectAlternativeName: extension('subjectAlternativeName', generalNames(...names), true),
  },
})

/** An authority with these constraints above a leaf with these names, in the profile that has all kinds. */
const below = (permitted: Names, excluded: Names, ...names: Names): ChainChanges => ({
  profile: 'rfc5280',
  authority: constraint(nameConstraints(permitted, excluded)),
  leaf: named(dns('example.com'), ...names),
})

const NOT_PERMITTED = ['name_not_permitted']
const EXCLUDED = ['name_excluded']
const UNKNOWN = ['name_not_checkable']
const MALFORMED = ['name_constraints_malformed']
const unit = (text: string) => nameOf(['2.5.4.10', utf8Of('Example')], ['2.5.4.11', utf8Of(text)])
const printableUnit = nameOf(['2.5.4.10', printableOf('EXAMPLE')])

function utf8Of(text: string): Uint8Array {
  return Uint8Array.of(0x0c, text.length, ...new TextEncoder().encode(text))
}

function printableOf(text: string): Uint8Array {
  return Uint8Array.of(0x13, text.length, ...new TextEncoder().encode(text))
}

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['a host in the permitted domain', below([dns('example.com')], []), []],
  ['a host below it', below([dns('example.com')], [], dns('a.b.EXAMPLE.com')), []],
  ['a host that ends alike', below([dns('example.com')], [], dns('notexample.com')), NOT_PERMITTED],
  ['an excluded host', below([], [dns('example.com')]), EXCLUDED],
  [
    'a host both permitted and excluded',
    below([dns('example.com')], [dns('example.com')]),
    EXCLUDED,
  ],
  ['every host excluded', below([], [dns('')]), EXCLUDED],
  ['a wildcard in the permitted domain', below([dns('example.com')], [], dns('*.example.com')), []],
  [
    'a wildcard around the permitted host',
    below([dns('example.com'), dns('a.example.org')], [], dns('*.example.org')),
    NOT_PERMITTED,
  ],
  // A wildcard is obtained for the parent of the one host that its authority may not speak for.
  [
    'a wildcard around the excluded host',
    below([], [dns('secret.example.com')], dns('*.example.com')),
    EXCLUDED,
  ],
  ['a constraint with a leading dot', below([dns('.example.com')], []), [...MALFORMED]],
  ['a constraint with a wildcard', below([dns('*.example.com')], []), [...MALFORMED]],
  [
    'an address in the permitted range',
    below([ip('192.0.2.0', '255.255.255.0')], [], ip('192.0.2.9')),
    [],
  ],
  [
    'an address outside of it',
    below([ip('192.0.2.0', '255.255.255.0')], [], ip('192.0.3.9')),
    NOT_PERMITTED,
  ],
  [
    'an address of the other version',
    below([ip('192.0.2.0', '255.255.255.0')], [], ip('2001:db8::1')),
    NOT_PERMITTED,
  ],
  ['an excluded address', below([], [ip('0.0.0.0', '0.0.0.0')], ip('192.0.2.9')), EXCLUDED],
  ['a mask with holes', below([ip('192.0.2.0', '255.0.255.0')], []), MALFORMED],
  ['a range that is an address', below([ip('192.0.2.0')], []), MALFORMED],
  ['a permitted mailbox', below([email('a@example.com')], [], email('a@EXAMPLE.com')), []],
  ['another mailbox', below([email('a@example.com')], [], email('b@example.com')), NOT_PERMITTED],
  [
    'a mailbox on the permitted host',
    below([email('example.com')], [], email('b@example.com')),
    [],
  ],
  [
    'a mailbox below the host',
    below([email('example.com')], [], email('b@mx.example.com')),
    NOT_PERMITTED,
  ],
  [
    'a mailbox below the permitted domain',
    below([email('.example.com')], [], email('b@mx.example.com')),
    [],
  ],
  [
    'a mailbox on the domain itself',
    below([email('.example.com')], [], email('b@example.com')),
    NOT_PERMITTED,
  ],
  [
    'an asterisk, which is a character',
    below([email('*@example.com')], [], email('b@example.com')),
    NOT_PERMITTED,
  ],
  ['a mailbox with two signs', below([email('a@b@example.com')], []), MALFORMED],
  // The mailbox is put where the authority's constraints were not looked for.
  [
    'a mailbox inside of the subject',
    {
      ...below([email('example.com')], []),
      leaf: { ...named(dns('example.com')), name: nameOf(emailAddress('b@example.org')) },
    },
    NOT_PERMITTED,
  ],
  [
    'a mailbox beyond ASCII',
    below([email('example.com')], [], otherName('1.3.6.1.5.5.7.8.9')),
    UNKNOWN,
  ],
  [
    'a URI on the permitted host',
    below([uri('example.com')], [], uri('https://u@example.com:443/x')),
    [],
  ],
  [
    'a URI on another',
    below([uri('example.com')], [], uri('https://example.com.attacker.test/')),
    NOT_PERMITTED,
  ],
  ['a URI without a host', below([uri('example.com')], [], uri('urn:example:1')), UNKNOWN],
  [
    'a directory below the permitted one',
    below([directory(printableUnit)], [], directory(unit('A'))),
    [],
  ],
  ['a directory beside it', below([directory(unit('A'))], [], directory(unit('B'))), NOT_PERMITTED],
  ['an excluded directory', below([], [directory(printableUnit)], directory(unit('B'))), EXCLUDED],
  ['every directory excluded', below([], [directory(sequence())], directory(unit('B'))), EXCLUDED],
  ['an empty mailbox as constraint', below([email('')], []), MALFORMED],
  [
    'the subject of the leaf',
    {
      ...below([directory(unit('A'))], []),
      leaf: { ...named(dns('example.com')), name: unit('B') },
    },
    NOT_PERMITTED,
  ],
  [
    'a kind that cannot be checked',
    below([otherName('1.2.3.4')], [], otherName('1.2.3.4')),
    UNKNOWN,
  ],
  ['constraints on a kind that is not there', below([email('example.com')], []), []],
  [
    'constraints of the root',
    { root: constraint(nameConstraints([dns('example.org')])) },
    NOT_PERMITTED,
  ],
  [
    'names of the authority itself',
    {
      root: constraint(nameConstraints([dns('example.com')])),
      authority: {
        extensions: {
          subjectAlternativeName: extension(
            'subjectAlternativeName',
            generalNames(dns('example.org')),
          ),
        },
      },
    },
    NOT_PERMITTED,
  ],
  [
    'names of an authority that issued to itself',
    {
      profile: 'rfc5280',
      root: constraint(nameConstraints([dns('example.com')])),
      authority: { ...named(dns('example.org')), name: commonName('Root') },
    },
    [],
  ],
  [
    'constraints on a leaf',
    { leaf: constraint(nameConstraints([dns('example.com')])) },
    ['name_constraints_misplaced'],
  ],
  [
    'constraints that are not critical',
    { profile: 'rfc5280', authority: constraint(nameConstraints([dns('example.com')]), false) },
    ['extension_must_be_critical'],
  ],
  [
    'the same where the profile excepts them',
    { authority: constraint(nameConstraints([dns('example.com')]), false) },
    [],
  ],
  [
    'the same on a root, which is not excepted',
    { root: constraint(nameConstraints([dns('example.com')]), false) },
    ['extension_must_be_critical'],
  ],
  ['no constraint at all', { authority: constraint(sequence()) }, ['extension_malformed']],
  ['an empty list', { authority: constraint(sequence(explicit(0))) }, ['extension_malformed']],
  [
    'NULL for a list',
    { authority: constraint(sequence(nothing, nothing)) },
    ['extension_malformed'],
  ],
  [
    'a base that is to be some way up',
    {
      authority: constraint(
        sequence(explicit(0, sequence(dns('example.com'), implicit(0, integer(1))))),
      ),
    },
    ['extension_malformed'],
  ],
]

describe('checkNames() and checkConstraintForm()', () => {
  test.each(CASES)('judge %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
