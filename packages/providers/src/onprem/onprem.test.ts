import { Fault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { FIXTURE_CA } from '../shared/fixture-certificate.ts'
import { answer, bind, exchangeOf, outcomeOf } from '../suite/bind.ts'
import { testDialect } from '../suite/dialect.ts'
import { testProvider } from '../suite.ts'
import { parseExpiry } from './expiry.ts'
import { onpremDialect } from './dialect.ts'
import { onpremFixtures } from './fixtures.ts'
import { onprem } from './index.ts'

testProvider(onprem, onpremFixtures)
testDialect(onprem, onpremDialect, onpremFixtures, (purpose, ordinal) => ({
  ordinal,
  upstreamId: purpose,
  purpose,
  name: null,
  status: 'installed',
  origin: null,
  issuedTo: null,
  notAfter: null,
  pem: FIXTURE_CA,
  autoRenewal: null,
  problem: null,
}))

const BASE = { baseUrl: 'https://whatsapp.example.com' }

describe('onprem', () => {
  test('a connection with a token has no session, and sends the token', async () => {
    const connection = onprem.connect(BASE, { token: 'STANDING_TOKEN' })
    expect(connection.session).toBe(undefined)
    const request = await exchangeOf(connection, 'encryptionKey.read').request({}, null)
    expect(request.headers).toEqual({ Authorization: 'Bearer STANDING_TOKEN' })
  })

  test('a call without the session that it needs is a defect of ours', () => {
    const exchange = exchangeOf(bind(onprem, onpremFixtures), 'encryptionKey.read')
    expect(() => exchange.request({}, null)).toThrow(expect.objectContaining({ code: 'internal' }))
  })

  test.each([
    ['an answer 401', 401, '', true],
    ['an answer 401 with a code', 401, '{"errors":[{"code":1005}]}', true],
    ['an answer 403', 403, '', false],
    ['a password to be changed', 401, '{"errors":[{"code":1024}]}', false],
    ['a failure', 500, '', false],
  ] as const)('ended() of %s', async (_name, status, body, ended) => {
    const connection = bind(onprem, onpremFixtures)
    const exchange = exchangeOf(connection, 'encryptionKey.publish')
    const { fault } = await outcomeOf(exchange, answer(status, body), {})
    expect(connection.session?.ended(fault ?? new Fault('internal', ''))).toBe(ended)
  })

  // A token with a line break would end the header of every later call.
  test('a login’s token that could not stand in a header is not taken', async () => {
    const exchange = exchangeOf(bind(onprem, onpremFixtures), 'session.open')
    const body = JSON.stringify({ users: [{ token: 'T\r\nX-Injected: 1' }] })
    const { fault } = await outcomeOf(exchange, answer(200, body), {})
    expect(fault?.code).toBe('upstream_malformed')
  })
})

describe('parseExpiry()', () => {
  const AT = Date.UTC(2021, 6, 25, 8, 50, 48)

  test.each([
    ['2021-07-25 08:50:48+00:00', AT],
    ['2021-07-25T08:50:48Z', AT],
    ['2021-07-25 08:50:48Z', AT],
    ['2021-07-25 08:50:48.123456+00:00', AT],
    ['2021-07-25 10:20:48+01:30', AT],
    ['2021-07-25 03:50:48-05:00', AT],
    ['2024-02-29 00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2023-02-29 00:00:00Z', null],
    ['2021-13-01 00:00:00Z', null],
    ['2021-00-01 00:00:00Z', null],
    ['2021-07-25 24:00:00Z', null],
    ['2021-07-25 08:50:48', null],
    ['2021-07-25', null],
    ['25/07/2021 08:50:48Z', null],
    ['1627203048', null],
    ['', null],
  ] as const)('parseExpiry(%s)', (text, expected) => {
    expect(parseExpiry(text)).toBe(expected)
  })
})
