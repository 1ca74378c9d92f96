import { expect, test } from 'vitest'
import { shownPath } from './shown-path.ts'

test('shownPath() leaves an ordinary path as it is, and its query out', () => {
  const path = '/v1/numbers/num_0123456789abcdef0123456789ab/encryption-key'
  expect(shownPath(`https://latchkey.example${path}?access_token=x`)).toBe(path)
})

// Line breaks and escape codes in a path would forge lines of a log that is read by people.
test('shownPath() decodes nothing', () => {
  expect(shownPath('http://localhost/a%0Ab%1B%5B31m')).toBe('/a%0Ab%1B%5B31m')
})

test('shownPath() ends before a segment that is too long for an id', () => {
  expect(shownPath(`http://localhost/v1/${'a'.repeat(41)}/b`)).toBe('/v1/...')
})

// Somebody revokes a token by the token itself instead of its id: the log must not keep what still works.
test('shownPath() leaves a token out', () => {
  const token = `lk_${'Aa0_-'.repeat(8)}Aa0`
  expect(shownPath(`http://localhost/v1/tokens/${token}`)).toBe('/v1/tokens/...')
})

// Somebody calls a trigger by its secret instead of its id; a slash in it makes two short segments of one long one.
test.each(['whsec_AAAABBBBCCCCDDDD/EEEE+FFFF/GGGG=', 'whsec_AAAABBBB'])(
  'shownPath() leaves a secret like %s out',
  (secret) => {
    expect(shownPath(`http://localhost/v1/triggers/${secret}`)).toBe('/v1/triggers/...')
  },
)

test('shownPath() names no other host, and takes what is no URL', () => {
  expect(shownPath('http://localhost//evil.example/v1')).toBe('/evil.example/v1')
  expect(shownPath('http://a b/v1')).toBe('/')
})
