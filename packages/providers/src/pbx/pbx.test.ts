import { isFault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { answer, bind, exchangeOf, outcomeOf } from '../suite/bind.ts'
import { testProvider } from '../suite.ts'
import { checkDns } from './dns.ts'
import { parseExpiration } from './expiration.ts'
import { pbxFixtures } from './fixtures.ts'
import { DNS } from './fixtures-requests.ts'
import { pbx } from './index.ts'
import { multipartForm } from './multipart.ts'

testProvider(pbx, pbxFixtures)

const END = Date.UTC(2026, 11, 4, 8, 9, 10)

describe('pbx', () => {
  test.each(['/openapi', '/openapi/', '/openapi/v1.0', '/openapi/v1.0/'])(
    'takes a base URL that ends with %s for the one before it',
    (path) => {
      const { origin } = bind(pbx, pbxFixtures, {
        config: { baseUrl: `https://pbx.example.com:8088${path}` },
      })
      expect(origin.baseUrl).toBe('https://pbx.example.com:8088')
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

  // A PBX that repeats what it was sent would spread a private key, or the access to somebody's DNS.
  test('repeats neither a private key nor DNS credentials that the PBX repeats', async () => {
    const connection = bind(pbx, pbxFixtures)
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'
    const pem = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`
    const secret = DNS.dnsParameters.AccessKeySecret
    const body = JSON.stringify({ errcode: 40_002, errmsg: `Bad: ${line} and ${secret}` })
    const input = { purpose: 'server', pem, staged: 'a.pem', autoRenewal: DNS }
    const exchange = exchangeOf(connection, 'certificate.upload')
    const { fault } = await outcomeOf(exchange, answer(200, body), input)
    const shown = JSON.stringify([fault?.message, fault?.upstream])
    expect(shown).not.toContain(line.slice(0, 20))
    expect(shown).not.toContain(secret)
  })
})

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
    ['a misspelt parameter', { AccessKeyid: 'x' }, '/dnsParameters/AccessKeyid'],
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
    try {
      checkDns({ dnsProvider: 'alidns', dnsParameters })
      expect.unreachable()
    } catch (error) {
      if (!isFault(error)) throw error
      expect(error.code).toBe('invalid_request')
      expect(error.errors.map((each) => each.pointer)).toContain(pointer)
    }
  })
})

describe('parseExpiration()', () => {
  test.each([
    '2026/12/04 08:09:10',
    '2026-12-04 08:09:10',
    '2026-12-04T08:09:10.000Z',
    'Dec  4 08:09:10 2026 GMT',
    String(END / 1_000),
    END / 1_000,
  ])('reads %s', (text) => {
    expect(parseExpiration(text)).toBe(END)
  })

  test.each(['', 'soon', '2026/13/01 00:00:00', '2026/02/30', '12345', null])(
    'reads no end in %s',
    (text) => {
      expect(parseExpiration(text)).toBe(null)
    },
  )
})

describe('multipartForm()', () => {
  // A file that holds the boundary would end its part, and a name with a line break its header.
  test('has a boundary that stands in no part, and names that stay in their header', () => {
    const content = 'a\r\n------LatchkeyFormBoundary--\r\nb'
    const file = { name: 'a"\r\nX-Injected: 1.pem', type: 'text/plain' }
    const { body, contentType } = multipartForm([{ name: 'file', content, file }])
    expect(contentType).toBe('multipart/form-data; boundary=----LatchkeyFormBoundaryx')
    expect(body).toContain('filename="a%22%0D%0AX-Injected: 1.pem"')
  })
})
