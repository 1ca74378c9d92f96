import { isFault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { targetUrl } from './target-url.ts'

const policy = createHostPolicy({ allowPrivate: '10.0.0.0/8', upstreamHosts: '' })

const closed = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })

function refusalOf(text: string): string {
  try {
    targetUrl(closed, text)
  } catch (error) {
    if (isFault(error) && error.code === 'invalid_request') return error.message
    throw error
  }
  throw new Error(`Cannot tell refusal: ${text} was admitted`)
}

describe('targetUrl()', () => {
  test.each([
    'https://hooks.example.com',
    'https://hooks.example.com/services/T0/B0?token=a%2Fb&x=1',
    'https://hooks.example.com?token=1',
    'https://hooks.example.com:8443/a%20b/',
    'http://10.1.2.3:8080/hook',
  ])('takes %s as it is', (text) => {
    const { href } = targetUrl(policy, text)
    expect([text, text.replace(/com(\?|$)/, 'com/$1')]).toContain(href)
  })

  test.each([
    ['plain http to a public host', 'http://hooks.example.com/'],
    ['loopback', 'https://127.0.0.1/'],
    ['loopback by name', 'https://localhost/'],
    ['a private range that is not allowed', 'https://192.168.0.1/'],
    ['instance metadata', 'https://169.254.169.254/latest/meta-data'],
    ['a decimal address', 'https://2130706433/'],
    ['user information', 'https://hooks.example.com@127.0.0.1/'],
    ['a password', 'https://user:password@hooks.example.com/'],
    ['a fragment', 'https://hooks.example.com/#a'],
    ['a backslash', 'https://hooks.example.com\\@127.0.0.1/'],
    ['dot segments', 'https://hooks.example.com/a/../b'],
    ['escaped dot segments', 'https://hooks.example.com/a/%2e%2e/b'],
    ['another scheme', 'file:///etc/passwd'],
    ['a control character', 'https://hooks.example.com/a\tb'],
    ['a name beyond ASCII', 'https://hööks.example.com/'],
    ['no host', 'https:///path'],
    ['too much', `https://hooks.example.com/${'a'.repeat(2048)}`],
  ])('refuses %s', (_, text) => {
    expect(refusalOf(text)).toMatch(/^Cannot use webhook URL: /)
  })

  // The URL of a chat service's webhook is its password.
  test('repeats nothing of a URL that it refuses', () => {
    expect(refusalOf('http://hooks.example.com/T0/secret-path?token=secret-token')).not.toMatch(
      /secret/,
    )
  })
})
