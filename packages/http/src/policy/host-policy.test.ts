import { isFault, type UpstreamOrigin } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { hostileBaseUrls } from '../fixtures/index.ts'
import { createHostPolicy } from './host-policy.ts'

const closed = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
const open = createHostPolicy({
  allowPrivate: '127.0.0.0/8, ::1, 10.0.0.0/8, 169.254.0.0/16',
  upstreamHosts: 'Graph.Example.com, edge.example.com:8443',
})

const operator = (baseUrl: string): UpstreamOrigin => ({ baseUrl, hosts: { rule: 'operator' } })
const listed = (baseUrl: string): UpstreamOrigin => ({
  baseUrl,
  hosts: { rule: 'listed', names: ['graph.facebook.com'] },
})

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isFault(error) && error.code === 'invalid_request') return error.message
    throw error
  }
  throw new Error('Nothing was refused')
}

describe('admit() of an operator host', () => {
  // Whoever may create a connection points it at what only this machine can reach.
  test.each(hostileBaseUrls().map(({ name, baseUrl }) => [name, baseUrl] as const))(
    'refuses %s',
    (_name, baseUrl) => {
      const message = refusal(() => closed.admit(operator(baseUrl)))
      expect(message).toMatch(/^Cannot use base URL: /)
      expect(message).not.toContain('secret')
    },
  )

  // The same table against an origin whose hosts are listed: an overridden base URL is no way around.
  test.each(hostileBaseUrls().map(({ name, baseUrl }) => [name, baseUrl] as const))(
    'refuses %s as a listed host',
    (_name, baseUrl) => {
      refusal(() => closed.admit(listed(baseUrl)))
    },
  )

  test.each([
    ['a name', 'https://pbx.example.com', 'https://pbx.example.com/'],
    ['a port and a path', 'https://pbx.example.com:8088/a/b/', 'https://pbx.example.com:8088/a/b/'],
    ['capitals', 'HTTPS://PBX.Example.COM', 'https://pbx.example.com/'],
    ['an internationalized name', 'https://bücher.example', 'https://xn--bcher-kva.example/'],
    ['its A-label', 'https://xn--bcher-kva.example', 'https://xn--bcher-kva.example/'],
    ['a public IPv4 address', 'https://93.184.215.14', 'https://93.184.215.14/'],
    ['a public IPv6 address', 'https://[2606:2800:21f::1]', 'https://[2606:2800:21f::1]/'],
    ['NAT64 of a public address', 'https://[64:ff9b::5db8:d70e]', 'https://[64:ff9b::5db8:d70e]/'],
    [
      'pchars in the path',
      'https://pbx.example.com/v1.0/~a@b',
      'https://pbx.example.com/v1.0/~a@b',
    ],
  ])('takes %s', (_name, baseUrl, href) => {
    expect(closed.admit(operator(baseUrl)).href).toBe(href)
  })

  test.each([
    ['loopback', 'http://127.0.0.1:8787/sandbox'],
    ['IPv6 loopback', 'http://[::1]:8787'],
    ['localhost', 'http://localhost:8787'],
    ['https in a private range', 'https://10.1.2.3'],
    ['a private name, to be checked when it is resolved', 'https://pbx.internal'],
    ['plain http by name, to be checked when it is resolved', 'http://pbx.example.com'],
  ])('takes %s where the settings name a range', (_name, baseUrl) => {
    expect(open.admit(operator(baseUrl)).href).toContain(baseUrl)
  })

  test.each([
    ['another private range', 'https://192.168.1.1'],
    ['plain http to a public address', 'http://93.184.215.14'],
    ['the metadata address inside an allowed range', 'http://169.254.169.254'],
    ['the metadata name', 'http://metadata.google.internal'],
    ['an IPv4-mapped address of an allowed range', 'https://[::ffff:7f00:1]'],
  ])('still refuses %s', (_name, baseUrl) => {
    refusal(() => open.admit(operator(baseUrl)))
  })

  test('takes the metadata address where a setting names that very address', () => {
    const named = createHostPolicy({ allowPrivate: '169.254.169.254', upstreamHosts: '' })
    expect(named.admit(operator('http://169.254.169.254')).hostname).toBe('169.254.169.254')
  })
})

describe('admit() of a listed host', () => {
  test.each([
    ['the listed name', closed, 'https://graph.facebook.com'],
    ['the listed name with the default port', closed, 'https://graph.facebook.com:443'],
    ['a host of the settings, whatever its case', open, 'https://graph.example.com'],
    ['a host of the settings with its port', open, 'https://edge.example.com:8443'],
    ['an allowed private address', open, 'http://127.0.0.1:8787/sandbox/graph'],
  ])('takes %s', (_name, policy, baseUrl) => {
    expect(policy.admit(listed(baseUrl)).protocol).toMatch(/^https?:$/)
  })

  // A name that only looks listed gets the account's access token.
  test.each([
    ['another host', 'https://evil.example'],
    ['a host below', 'https://x.graph.facebook.com'],
    ['a host that ends alike', 'https://evilgraph.facebook.com'],
    ['a host that begins alike', 'https://graph.facebook.com.evil.example'],
    ['another port', 'https://graph.facebook.com:8443'],
    ['plain http', 'http://graph.facebook.com'],
    ['plain http on the https port', 'http://graph.facebook.com:443'],
    ['a listed name without its listed port', 'https://edge.example.com'],
    ['a public address', 'https://93.184.215.14'],
    ['a look-alike letter', 'https://gr\u{0430}ph.facebook.com'],
  ])('refuses %s', (_name, baseUrl) => {
    refusal(() => open.admit(listed(baseUrl)))
  })
})

describe('admitsAddress()', () => {
  test.each([
    ['public by https', 'https://pbx.example.com', '93.184.215.14', true],
    ['allowed by https', 'https://pbx.example.com', '10.0.0.1', true],
    ['private by https', 'https://pbx.example.com', '192.168.0.1', false],
    ['public by http', 'http://pbx.example.com', '93.184.215.14', false],
    ['allowed by http', 'http://pbx.example.com', '10.0.0.1', true],
    ['public for a private name', 'https://pbx.internal', '93.184.215.14', false],
    ['allowed for a private name', 'https://pbx.internal', '10.0.0.1', true],
    ['no address', 'https://pbx.example.com', 'localhost', false],
    ['scoped', 'https://pbx.example.com', 'fe80::1%lo', false],
  ])('of %s', (_name, href, address, admitted) => {
    expect(open.admitsAddress(new URL(href), address)).toBe(admitted)
  })
})

describe('createHostPolicy()', () => {
  test.each([
    ['no address', 'intranet', ''],
    ['bits below the prefix', '10.1.0.0/8', ''],
    ['a prefix that is too long', '10.0.0.0/33', ''],
    ['everything', '0.0.0.0/0', ''],
    ['every IPv6 address', '::/0', ''],
    ['two prefixes', '10.0.0.0/8/8', ''],
  ])('refuses a range setting with %s', (_name, allowPrivate, upstreamHosts) => {
    expect(() => createHostPolicy({ allowPrivate, upstreamHosts })).toThrow(
      /^LATCHKEY_ALLOW_PRIVATE_HOSTS must [^\n]*, not "[^\n]*"$/,
    )
  })

  test.each([
    ['a URL', 'https://graph.example.com'],
    ['a wildcard', '*.example.com'],
    ['an address', '93.184.215.14'],
    ['a private name', 'graph.internal'],
    ['a wrong port', 'graph.example.com:0'],
    ['a path', 'graph.example.com/v1'],
    ['user information', 'https://user:secret@graph.example.com'],
  ])('refuses a host setting with %s', (_name, upstreamHosts) => {
    expect(() => createHostPolicy({ allowPrivate: '', upstreamHosts })).toThrow(
      /^LATCHKEY_UPSTREAM_HOSTS must [^\n]*, not "(?![^\n]*secret)[^\n]*"$/,
    )
  })
})
