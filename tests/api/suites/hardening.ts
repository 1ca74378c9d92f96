import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'

const PAGES = ['/', '/docs', '/docs/errors/invalid_request']
const SCRIPT = '<script>alert(1)</script>'

/** What an answer says to browsers, caches and proxies, and what it must not repeat of a request. */
export function hardeningSuite(open: OpenApi): void {
  describe('an answer', () => {
    let api: ApiHarness
    beforeAll(async () => {
      api = await open()
    })
    afterAll(() => api.close())

    test.each(PAGES)('of %s runs nothing, loads nothing and is framed by nobody', async (path) => {
      const { headers, text } = await call(api, 'GET', path, { token: null })
      const policy = (headers.get('content-security-policy') ?? '').split('; ')
      for (const wanted of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
        expect(policy, wanted).toContain(`${wanted} 'none'`)
      }
      expect(policy.filter((each) => each.startsWith('script-src'))).toEqual([])
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(text).not.toMatch(/<script|<iframe|<img|<link|\son\w+=|javascript:/i)
      expect([...text.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, to]) => to)).toSatisfy(
        (links: readonly string[]) => links.every((to) => /^\/(?!\/)/.test(to)),
      )
    })

    test('of every kind is taken for what it says it is, and shared with no other site', async () => {
      const origin = { origin: 'https://elsewhere.example' }
      const paths = [...PAGES, '/openapi.json', '/v1/numbers', '/v1/nothing', '/healthz']
      for (const path of paths) {
        const { headers } = await call(api, 'GET', path, { headers: origin })
        expect(headers.get('x-content-type-options'), path).toBe('nosniff')
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
        expect(headers.get('set-cookie'), path).toBe(null)
        expect(headers.get('server'), path).toBe(null)
      }
      // A page elsewhere that asks whether it may send a token is told nothing that lets it.
      const asked = { ...origin, 'access-control-request-method': 'DELETE' }
      const preflight = await call(api, 'OPTIONS', '/v1/numbers', { token: null, headers: asked })
      expect([...preflight.headers.keys()].join()).not.toContain('access-control-')
    })

    // A link to us that carries a script: shown as it is by a page, it would run with our name.
    test.each([
      `/docs/errors/${SCRIPT}`,
      `/docs/errors/${encodeURIComponent(SCRIPT)}`,
      `/${encodeURIComponent(SCRIPT)}`,
      `/v1/numbers/${encodeURIComponent(SCRIPT)}?x=${SCRIPT}`,
      `/healthz?${encodeURIComponent(SCRIPT)}=1`,
    ])('to %s is a problem, and no page', async (path) => {
      const { status, headers } = await call(api, 'GET', path)
      expect([400, 404]).toContain(status)
      expect(headers.get('content-type')).toBe('application/problem+json')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
    })

    test.each(['abcdefgh', 'Az09._-Az09', 'x'.repeat(128)])(
      'repeats a request id that is harmless: %s',
      async (id) => {
        const { headers } = await call(api, 'GET', '/healthz', { headers: { 'x-request-id': id } })
        expect(headers.get('x-request-id')).toBe(id)
      },
    )

    // The id is written into our log and into others': nobody may write there what they like.
    test.each([
      '',
      'short',
      'x'.repeat(129),
      'with a blank',
      SCRIPT,
      'a,b,c,d,e',
      '\u00e9'.repeat(9),
      '%0d%0aX-A: 1',
    ])('has an id of its own in place of %j', async (id) => {
      const { headers } = await call(api, 'GET', '/v1/x', { headers: { 'x-request-id': id } })
      const given = headers.get('x-request-id')
      expect(given).toMatch(/^[0-9a-z]{26}$/)
      const logged = api.logs().filter((line) => line.includes(`"${given}"`))
      expect(logged).toHaveLength(1)
    })

    test('names us as the caller did, whatever a proxy’s headers say', async () => {
      const poison = {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'javascript',
        forwarded: 'host=evil.example',
        'x-original-url': '/healthz',
        'x-rewrite-url': '/healthz',
        'x-http-method-override': 'DELETE',
      }
      const problem = await call(api, 'GET', '/v1/nothing', { headers: poison })
      expect(problem.json).toMatchObject({
        type: 'http://latchkey.test/docs/errors/not_found',
        instance: '/v1/nothing',
      })
      const document = await call(api, 'GET', '/openapi.json', { headers: poison })
      expect(document.text).not.toContain('evil.example')
    })

    // A line break in an id, decoded, would end a header or begin a line of the log.
    test('stays in one piece whatever an id in its path decodes to', async () => {
      const before = api.logs().length
      for (const id of [
        '%0d%0aSet-Cookie:%20a=b',
        '%0aX-A:%201',
        '%00',
        '%e2%80%a8',
        '%1b%5b31m',
      ]) {
        const { status, headers } = await call(api, 'GET', `/v1/numbers/${id}`)
        expect(status).toBe(404)
        expect(headers.get('set-cookie') ?? headers.get('x-a')).toBe(null)
      }
      const lines = api.logs().slice(before)
      expect(lines).toHaveLength(5)
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u2028]/)
    })
  })
}
