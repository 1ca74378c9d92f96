import { isFault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { HOSTILE_SEGMENTS } from '../fixtures/index.ts'
import { buildUrl } from './build-url.ts'

const base = new URL('https://api.example.com/base')

describe('buildUrl()', () => {
  test('joins segments below the base path, with or without its final slash', () => {
    for (const href of ['https://api.example.com/base', 'https://api.example.com/base/']) {
      const url = buildUrl(new URL(href), { path: ['v25.0', '12345'] })
      expect(url.href).toBe('https://api.example.com/base/v25.0/12345')
    }
  })

  test('keeps the plus of a phone number as it is', () => {
    const url = buildUrl(base, { path: ['whatsapp', '+911234567890', 'flows_encryption'] })
    expect(url.pathname).toBe('/base/whatsapp/+911234567890/flows_encryption')
  })

  test.each([
    ['a slash', 'a/b', 'a%2Fb'],
    ['a question mark and a hash', 'a?b#c', 'a%3Fb%23c'],
    ['a backslash', 'a\\b', 'a%5Cb'],
    ['a percent sign', '100%', '100%25'],
    ['an escape', 'a%20b', 'a%2520b'],
    ['pchars', "!$&'()*+,;=:@~-._", "!$&'()*+,;=:@~-._"],
    ['letters beyond ASCII', 'ü', '%C3%BC'],
    ['dots inside', 'a..b', 'a..b'],
    ['three dots', '...', '...'],
  ])('sends %s as one segment', (_name, segment, encoded) => {
    expect(buildUrl(base, { path: [segment] }).pathname).toBe(`/base/${encoded}`)
  })

  test('encodes the query and keeps repeated names in order', () => {
    const url = buildUrl(base, {
      path: ['list'],
      query: [
        ['a', 'x y&z=1'],
        ['a', '+#?'],
      ],
    })
    expect(url.search).toBe('?a=x+y%26z%3D1&a=%2B%23%3F')
    expect(url.searchParams.getAll('a')).toEqual(['x y&z=1', '+#?'])
  })

  // An id from a caller climbs out of the path below which every request stays.
  test.each(HOSTILE_SEGMENTS)('refuses %s as a segment', (_name, segment) => {
    let thrown: unknown
    try {
      buildUrl(base, { path: ['v1', segment, 'key'] })
    } catch (error) {
      thrown = error
    }
    expect(isFault(thrown) && thrown.code).toBe('invalid_request')
  })
})
