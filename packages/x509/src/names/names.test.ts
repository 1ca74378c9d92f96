import { describe, expect, test } from 'vitest'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Name } from '@peculiar/asn1-x509'
import { nameOf as nameRead } from '../read/name.ts'
import { der, ia5, printable, sequence, set, oid, utf8 } from '../testing/der.ts'
import { nameOf } from '../testing/names.ts'
import { canonicalName, isWithinDirectory } from './canonical.ts'
import { isDnsName, isWithinDomain, matchesHost, wildcardBase, wildcardReaches } from './dns.ts'
import { isMailboxConstraint, isSameMailbox, parseMailbox } from './email.ts'
import { formatAddress, isRange, isWithinRange, parseAddress } from './ip.ts'
import { nameText } from './text.ts'
import { hostOfUri } from './uri.ts'

describe('isDnsName()', () => {
  test.each([
    'a',
    'localhost',
    'example.com',
    'xn--exmple-cua.com',
    '1.2.3.4.example',
    `${'a'.repeat(63)}.b`,
  ])('takes %s', (text) => expect(isDnsName(text)).toBe(true))

  test.each([
    '',
    '.',
    '.com',
    'com.',
    'a..b',
    '-a.com',
    'a-.com',
    'a_b.com',
    'a b.com',
    '192.0.2.1',
    '*.com',
    'exämple.com',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(127)}b`,
  ])('refuses %j', (text) => expect(isDnsName(text)).toBe(false))
})

test('wildcardBase() and matchesHost() know a wildcard as the whole first label alone', () => {
  expect(wildcardBase('*.example.com')).toBe('example.com')
  expect(['*', '*.', 'a*.b.c', '*a.b.c', '*.*.c', 'a.*.c'].map(wildcardBase)).toEqual(
    Array(6).fill(null),
  )
  expect(matchesHost('*.example.com', 'A.EXAMPLE.com')).toBe(true)
  expect(matchesHost('*.example.com', 'example.com')).toBe(false)
  expect(matchesHost('*.example.com', '.example.com')).toBe(false)
  // The Kelvin sign is a K in lower case, but not in DNS.
  expect(matchesHost('k.example', '\u212A.example')).toBe(false)
})

test('isWithinDomain() counts labels, not characters', () => {
  expect(isWithinDomain('a.example.com', 'EXAMPLE.com')).toBe(true)
  expect(isWithinDomain('badexample.com', 'example.com')).toBe(false)
  expect(isWithinDomain('com', 'example.com')).toBe(false)
  expect(wildcardReaches('*.example.com', 'a.example.com')).toBe(true)
  expect(wildcardReaches('*.example.com', 'a.b.example.com')).toBe(false)
  expect(wildcardReaches('a.example.com', 'a.example.com')).toBe(false)
})

describe('parseAddress() and formatAddress()', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('read %s and write %s', (text, canonical) => {
    const octets = parseAddress(text)
    expect(octets && formatAddress(octets)).toBe(canonical)
  })

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '0x1.2.3.4',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '192.0.2.1::',
    '::1%eth0',
  ])('refuse %j', (text) => expect(parseAddress(text)).toBeNull())
})

test('isRange() and isWithinRange() want a mask of ones, then zeros', () => {
  const range = Uint8Array.of(192, 0, 2, 77, 255, 255, 254, 0)
  expect(isRange(range)).toBe(true)
  expect(isRange(Uint8Array.of(192, 0, 2, 0, 255, 0, 255, 0))).toBe(false)
  expect(isRange(Uint8Array.of(192, 0, 2, 0))).toBe(false)
  expect(isWithinRange(Uint8Array.of(192, 0, 3, 1), range)).toBe(true)
  expect(isWithinRange(Uint8Array.of(192, 0, 4, 1), range)).toBe(false)
  expect(isWithinRange(new Uint8Array(16), range)).toBe(false)
})

test('parseMailbox() keeps the case of the local part alone', () => {
  expect(parseMailbox('A.b+c@Example.COM')).toEqual({ local: 'A.b+c', host: 'example.com' })
  expect(
    ['a', '@b', 'a@', 'a@b@c', '.a@b', 'a..b@c', '"a b"@c', 'a@[192.0.2.1]'].map(parseMailbox),
  ).toEqual(Array(8).fill(null))
  expect(isSameMailbox('x', 'x')).toBe(false)
  expect(['a@b.c', 'b.c', '.b.c'].every(isMailboxConstraint)).toBe(true)
  expect(['', '.', '@b', '*.b', 'a@b@c'].some(isMailboxConstraint)).toBe(false)
})

test.each([
  ['https://example.com', 'example.com'],
  ['https://u:p@example.com:8443/?q#f', 'example.com'],
  ['sip:user@example.com', null],
  ['https://192.0.2.1/', null],
  ['https://[::1]/', null],
  ['https:///path', null],
  ['example.com', null],
  ['https://example.com\\@attacker.test/', null],
])('hostOfUri() reads %s as %s', (uri, host) => {
  expect(hostOfUri(uri)).toBe(host)
})

const read = (bytes: ReturnType<typeof sequence>) => nameRead(AsnConvert.parse(bytes, Name), 'name')
const organisation = (value: Uint8Array) => read(nameOf(['2.5.4.10', value]))

describe('canonicalName()', () => {
  test('takes names for one that RFC 5280 §7.1 takes for one', () => {
    const wide = der(
      0x1e,
      Uint8Array.from('Example Ltd'.split('').flatMap((each) => [0, each.charCodeAt(0)])),
    )
    const names = [utf8('Example Ltd'), printable('EXAMPLE  LTD '), ia5('example ltd'), wide]
    const canonical = names.map((value) => canonicalName(organisation(value)))
    expect(new Set(canonical).size).toBe(1)
    expect(canonicalName(organisation(utf8('ExampleLtd')))).not.toBe(canonical[0])
  })

  test('keeps two attributes of one part from two parts', () => {
    const [a, b] = [sequence(oid('2.5.4.10'), utf8('a')), sequence(oid('2.5.4.11'), utf8('b'))]
    const together = read(sequence(set(a, b)))
    const apart = read(sequence(set(a), set(b)))
    expect(canonicalName(together)).not.toBe(canonicalName(apart))
    expect(isWithinDirectory(apart, read(sequence(set(a))))).toBe(true)
    expect(isWithinDirectory(together, read(sequence(set(a))))).toBe(false)
  })

  test('does not take a longer value for a part below', () => {
    expect(isWithinDirectory(organisation(utf8('Example')), organisation(utf8('Exam')))).toBe(false)
  })

  test('nameText() writes names so that no value can pretend to be another attribute', () => {
    const name = read(
      nameOf(
        ['2.5.4.6', printable('IN')],
        ['2.5.4.10', utf8('A, B\nO=C')],
        ['2.5.4.3', utf8('#x')],
      ),
    )
    expect(nameText(name)).toBe(String.raw`CN=\#x, O=A\, B\0aO=C, C=IN`)
  })
})
