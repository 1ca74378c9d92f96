import { Fault, type FaultCode, type FaultOptions } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { dialectRequest, opened } from '../suite/dialect-request.ts'
import { graphDialect } from './dialect.ts'

const PATH = ['v25.0', '106540352242922', 'whatsapp_business_encryption']
const REQUEST = dialectRequest({ method: 'POST', path: PATH })

const refuse = (code: FaultCode, options: FaultOptions = {}) => {
  const fault = new Fault(code, 'Cannot', options)
  const { body, ...answer } = opened(graphDialect.refuse(fault, REQUEST))
  return { ...answer, error: body['error'] }
}

describe('refuse()', () => {
  test.each([
    ['invalid_request', 400, 100],
    ['unauthenticated', 401, 190],
    ['forbidden', 403, 10],
    ['not_found', 400, 100],
    ['conflict', 400, 100],
    ['payload_too_large', 400, 100],
    ['key_invalid', 400, 100],
    ['key_is_private', 400, 100],
    ['unsupported_operation', 400, 100],
    ['rate_limited', 400, 80007],
    ['internal', 500, 131000],
    ['upstream_rejected', 400, 100],
    ['upstream_unauthorized', 500, 131000],
    ['upstream_malformed', 500, 131000],
    ['upstream_unavailable', 503, 2],
    ['upstream_rate_limited', 400, 80007],
    ['upstream_timeout', 503, 2],
  ] as const)('words %s as HTTP %i and code %i', (fault, status, code) => {
    const answer = refuse(fault)
    expect(answer).toMatchObject({ status, error: { code, type: expect.any(String) } })
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8')
  })

  test('asks for a token as Graph does', () => {
    expect(refuse('unauthenticated')).toMatchObject({
      headers: {
        'www-authenticate':
          'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."',
      },
      error: { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 },
    })
  })

  test('says when to come again, and that it may help', () => {
    expect(refuse('rate_limited', { retryAfterMs: 1_500 })).toMatchObject({
      headers: { 'retry-after': '2' },
      error: { is_transient: true },
    })
    expect(refuse('key_invalid').error).not.toHaveProperty('is_transient')
    expect(refuse('key_invalid').headers).not.toHaveProperty('retry-after')
  })

  test('tells a write that another one is in the way of from one that was overtaken', () => {
    expect(refuse('conflict', { retryable: true })).toMatchObject({
      status: 503,
      error: { code: 2 },
    })
    expect(refuse('conflict')).toMatchObject({ status: 400, error: { code: 100 } })
  })

  test('has the findings and the wrong fields in its details', () => {
    const { error } = refuse('invalid_request', {
      errors: [{ pointer: '/upstreamId', message: 'Must be digits' }],
      findings: [
        { code: 'too_short', severity: 'error', message: '1024 bits' },
        { code: 'crlf', severity: 'repaired', message: 'Line ends' },
      ],
    })
    expect(error).toHaveProperty(
      'error_data.details',
      'Cannot; too_short: 1024 bits; /upstreamId: Must be digits',
    )
  })
})

describe('refuse() of what Graph itself refused', () => {
  const upstream = { provider: 'graph', status: 400, code: '133010', requestId: 'A6s4Q9x0' }

  test('passes on its code, status, words and trace', () => {
    const message = '(#133010) Phone number not registered'
    expect(refuse('upstream_rejected', { upstream: { ...upstream, message } })).toMatchObject({
      status: 400,
      error: {
        code: 133010,
        message,
        error_data: { details: `Cannot; ${message}` },
        fbtrace_id: 'A6s4Q9x0',
      },
    })
  })

  test.each([
    ['a code that no page lists', { ...upstream, code: '987654', status: 418 }, 418, 987654],
    ['an error in a success', { ...upstream, status: 200 }, 400, 133010],
    ['an answer without a code', { provider: 'graph', status: 404 }, 400, 100],
    ['a code that is none', { ...upstream, code: 'x1' }, 400, 100],
    ['another provider’s code', { ...upstream, provider: 'onprem' }, 400, 100],
  ])('has a code for %s', (_name, told, status, code) => {
    expect(refuse('upstream_rejected', { upstream: told })).toMatchObject({
      status,
      error: { code },
    })
  })

  // A program that is told of an invalid token throws its own away, though it is the connection's that has ended.
  test('never blames the caller for the connection’s credentials', () => {
    const { status, headers, error } = refuse('upstream_unauthorized', {
      upstream: { ...upstream, status: 401, code: '190' },
    })
    expect(status).toBe(500)
    expect(error).toMatchObject({ code: 131000 })
    expect(headers).not.toHaveProperty('www-authenticate')
  })
})
