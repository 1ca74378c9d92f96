import { describe, expect, test } from 'vitest'
import { redactHeaders, redactText, redactUrl } from './redact.ts'
import { safeCause } from './safe-cause.ts'

describe('redactUrl()', () => {
  test.each([
    [
      'values of the query',
      'https://pbx.example.com/a?access_token=secret&page=secret&page=secret',
      'https://pbx.example.com/a?access_token=redacted&page=redacted',
    ],
    ['user information', 'https://secret:secret@pbx.example.com/a', 'https://pbx.example.com/a'],
    ['the fragment', 'https://pbx.example.com/a#secret', 'https://pbx.example.com/a'],
    ['what is no URL', '/a?access_token=secret', '[redacted]'],
  ])('hides %s', (_what, url, shown) => {
    expect(redactUrl(url)).toBe(shown)
  })
})

describe('redactHeaders()', () => {
  test.each([
    'Authorization',
    'Cookie',
    'Set-Cookie',
    'api-key',
    'X-API-Key',
    'X-App-Secret',
    'X-Hub-Signature-256',
    'X-Anything-New',
  ])('hides the value of %s', (name) => {
    expect(redactHeaders({ [name]: 'secret' })).toEqual({ [name.toLowerCase()]: '[redacted]' })
  })

  test('shows what is known to be harmless', () => {
    const headers = { 'content-type': 'application/json', 'x-fb-trace-id': 'abc' }
    expect(redactHeaders(new Headers(headers))).toEqual(headers)
  })
})

// Deno names the whole URL in what it throws, and the token of a PBX is in its query.
test.each([
  'error sending request for url (https://pbx.example.com/a?access_token=secret): client error',
  'error sending request from 10.0.0.1:1 for https://u:secret@pbx.example.com/ (10.0.0.2:443)',
  'Failed to parse URL from https://[::1]:8088/a?access_token=secret',
  "Invalid URL: 'https://pbx.example.com/it's?access_token=secret'",
])('redactText() leaves no secret in %s', (text) => {
  expect(redactText(text)).not.toContain('secret')
})

test('safeCause() keeps name, code and a redacted text, and no cause of its own', () => {
  const inner = Object.assign(new Error('https://pbx.example.com/?access_token=secret'), {
    code: 'ECONNRESET',
  })
  const cause = safeCause(new TypeError('fetch failed: https://h/?t=secret', { cause: inner }))
  expect(cause).toEqual({
    name: 'TypeError',
    code: 'ECONNRESET',
    message: 'fetch failed: https://h/?t=redacted',
  })
})
