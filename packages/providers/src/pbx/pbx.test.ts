import { type DnsAccess, type Fault, isFault, MINUTE } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { answer, AT, bind, exchangeOf, outcomeOf } from '../suite/bind.ts'
import { testDialect } from '../suite/dialect.ts'
import { testProvider } from '../suite.ts'
import { authInfoOf, checkDns } from './dns.ts'
import { parseExpiration } from './expiration.ts'
import { pbxDialect } from './dialect.ts'
import { pbxFixtures } from './fixtures.ts'
import { DNS } from './fixtures-requests.ts'
import { pbx } from './index.ts'
import { multipartForm } from './multipart.ts'

testProvider(pbx, pbxFixtures)
testDialect(pbx, pbxDialect, pbxFixtures, (purpose, ordinal) => {
  const isEven = ordinal % 2 === 0
  const isServer = purpose === 'server'
  return {
    ordinal,
    upstreamId: String(ordinal),
    purpose,
    name: `example${ordinal}.pem`,
    status: isEven ? 'pending' : 'installed',
    origin: isServer && isEven ? 'apply' : 'upload',
    issuedTo: 'pbx.example.com',
    notAfter: Date.UTC(2027, 0, ordinal),
    pem: null,
    autoRenewal: isServer ? { enabled: isEven, dnsProvider: 'alidns' } : null,
    problem: null,
  }
})

const END = Date.UTC(2026, 11, 4, 8, 9, 10)

describe('pbx', () => {
  test.each(['/openapi', '/openapi/', '/openapi/v1.0', '/openapi/v1.0/', '/openapi/v2.0'])(
    'takes a base URL that ends with %s for the one before it',
    (path) => {
      const { origin } = bind(pbx, pbxFixtures, {
        config: { baseUrl: `https://pbx.example.com:8088${path}` },
      })
      expect(origin.baseUrl).toBe('https://pbx.example.com:8088')
    },
  )

  test.each(['https://openapi', 'https://pbx.example.com/openapi.json', 'https://x/openapi/pbx'])(
    'leaves the base URL %s as it is',
    (baseUrl) => {
      expect(bind(pbx, pbxFixtures, { config: { baseUrl } }).origin.baseUrl).toBe(baseUrl)
    },
  )

  test('puts the key last where the connection says so', () => {
    const { certificates } = bind(pbx, pbxFixtures, { config: { serverFileOrder: 'key-last' } })
    expect(certificates?.kinds[0]?.upload).toEqual({ keyPlace: 'last' })
  })

  test('ends a session by 10004 alone, and leaves refused credentials alone for a while', async () => {
    const connection = bind(pbx, pbxFixtures)
    const { session } = connection
    const list = exchangeOf(connection, 'certificate.list')
    for (const [errcode, ended] of [
      [10_004, true],
      [-1, false],
      [10_005, false],
      [70_004, false],
    ] as const) {
      const body = JSON.stringify({ errcode, errmsg: 'FAILURE' })
      const { fault } = await outcomeOf(list, answer(200, body), { purpose: 'server' })
      expect(fault === null ? null : session?.ended(fault), String(errcode)).toBe(ended)
    }
    expect(session?.refusedPauseMs).toBe(900_000)
  })

  test.each([
    ['no time', undefined],
    ['a time that has passed', -1],
    ['a time that nobody waits for', 1e12],
    ['a time that is none', 'soon'],
    ['half an hour', 1800],
    ['half an hour, as text', '1800'],
  ])('takes a token with %s for half an hour', async (_what, access_token_expire_time) => {
    const exchange = exchangeOf(bind(pbx, pbxFixtures), 'session.open')
    const body = JSON.stringify({ errcode: 0, access_token: 'T', access_token_expire_time })
    const { value } = await outcomeOf(exchange, answer(200, body), {})
    expect(value).toEqual({ secret: 'T', expiresAt: AT + 30 * MINUTE })
  })
})

/** What checkDns() throws. */
function refusalOf(access: DnsAccess): Fault | null {
  try {
    checkDns(access)
    return null
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
}

describe('checkDns()', () => {
  test('takes what a known provider wants, with its options or without', () => {
    expect(checkDns(DNS)).toEqual([])
    const { AccessKeyId, AccessKeySecret } = DNS.dnsParameters
    expect(checkDns({ ...DNS, dnsParameters: { AccessKeyId, AccessKeySecret } })).toEqual([])
  })

  test('passes on what it does not know, with a warning', () => {
    const [warning] = checkDns({ dnsProvider: 'cloudflare', dnsParameters: { AuthToken: 'x' } })
    expect(warning?.code).toBe('dns_provider_unknown')
  })

  test.each([
    ['a missing parameter', { AccessKeySecret: undefined }, '/dnsParameters/AccessKeySecret'],
    ['a parameter of another provider', { AccessKeyid: 'x' }, '/dnsParameters/AccessKeyid'],
    ['text for a number', { TTL: '600' }, '/dnsParameters/TTL'],
    ['a number for text', { AccessKeyId: 7 }, '/dnsParameters/AccessKeyId'],
    ['half a number', { TTL: 1.5 }, '/dnsParameters/TTL'],
  ])('refuses %s by its name', (_what, change, pointer) => {
    const given = { ...DNS.dnsParameters, ...change }
    const dnsParameters = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    const fault = refusalOf({ dnsProvider: 'alidns', dnsParameters })
    expect(fault?.code).toBe('invalid_request')
    expect(fault?.errors.map((each) => each.pointer)).toEqual([pointer])
  })

  test('names what the provider takes instead of what was misspelt', () => {
    const dnsParameters = { Login: 'x', Passwort: 'y' }
    expect(refusalOf({ dnsProvider: 'allinkl', dnsParameters })?.errors).toEqual([
      { pointer: '/dnsParameters/Password', message: 'Is required' },
      {
        pointer: '/dnsParameters/Passwort',
        message:
          'Is not a parameter of this DNS provider: it takes Login, Password, PropagationTimeout, PollingInterval',
      },
    ])
  })

  test('refuses what no field of the PBX holds, of an unknown provider too', () => {
    for (const value of [1.5, Number.NaN, 2 ** 60]) {
      const access = { dnsProvider: 'cloudflare', dnsParameters: { 'a/b~c': value } }
      expect(refusalOf(access)?.errors[0]?.pointer).toBe('/dnsParameters/a~1b~0c')
    }
    const dnsParameters = { Token: 'x', TTL: 120, Proxied: true }
    expect(checkDns({ dnsProvider: 'cloudflare', dnsParameters })).toHaveLength(1)
    expect(authInfoOf({ dnsProvider: 'cloudflare', dnsParameters })).toEqual([
      { k: 'Token', sv: 'x' },
      { k: 'TTL', iv: 120 },
      { k: 'Proxied', bv: true },
    ])
  })
})

describe('parseExpiration()', () => {
  test.each([
    '2026/12/04 08:09:10',
    '2026-12-04 08:09:10',
    '2026-12-04T08:09:10.000Z',
    '2026-12-04T13:39:10+05:30',
    '2026-12-04T04:39:10-03:30',
    'Dec  4 08:09:10 2026 GMT',
    String(END / 1_000),
    END / 1_000,
  ])('reads %s', (text) => {
    expect(parseExpiration(text)).toBe(END)
  })

  test.each([
    '',
    'soon',
    '2026/13/01 00:00:00',
    '2026/02/30',
    '2026/12/04 24:00:00',
    'Foo  4 08:09:10 2026 GMT',
    '2026-12-04T08:09:10+24:00',
    '12345',
    null,
  ])('reads no end in %s', (text) => {
    expect(parseExpiration(text)).toBe(null)
  })
})

describe('multipartForm()', () => {
  // A file that holds the boundary would end its part, and a name with a line break its header.
  test('has a boundary that stands in no part, and names that stay in their header', () => {
    const content = 'a\r\n------LatchkeyFormBoundary--\r\nb'
    const file = { name: 'a"\\\r\nX-Injected: 1.pem', type: 'text/plain' }
    const { body, contentType } = multipartForm([{ name: 'file', content, file }])
    expect(contentType).toBe('multipart/form-data; boundary=----LatchkeyFormBoundaryx')
    expect(body).toContain('filename="a%22%5C%0D%0AX-Injected: 1.pem"')
  })
})
