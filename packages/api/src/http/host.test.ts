import { isFault } from '@latchkey/core'
import { expect, test } from 'vitest'
import { requireHost } from './host.ts'

/** `Headers` that hold this, though a fetch would not send it. */
const holding = (host: string | null) => (host === null ? new Headers() : new Headers({ host }))

test.each([
  null,
  '',
  'latchkey.example',
  'LATCHKEY.example:8787',
  'localhost:8787',
  '127.0.0.1:8787',
  '[::1]:8787',
  'xn--bcher-kva.example',
  'my_host',
])('requireHost() takes %j', (host) => {
  expect(() => requireHost(holding(host))).not.toThrow()
})

// `Host: a/v1/tokens#` makes of a harmless target the path /v1/tokens.
test.each([
  'a/b',
  'a?b',
  'a#b',
  'a\\b',
  'user@a',
  'a b',
  '"><script>',
  'a:b',
  'a:1:2',
  '[::1',
  'a,b',
])('requireHost() refuses %j', (host) => {
  try {
    requireHost(holding(host))
  } catch (error) {
    expect(isFault(error) && error.code).toBe('invalid_request')
    return
  }
  throw new Error('It was taken')
})
