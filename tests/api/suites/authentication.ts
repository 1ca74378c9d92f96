import { toTimestamp } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { documentedRoutes, samplePath } from '../harness/routes.ts'
import { makeToken } from '../harness/tokens.ts'

const LIST = '/v1/connections'
const MINUTE = 60_000
/** Within this, a revoked token is refused by whoever still remembers it. */
const REVOKED_EVERYWHERE_MS = 90_000
/** A token of the right form that nobody has. */
const UNKNOWN = `lk_${'A'.repeat(43)}`

/** Open to whoever has signed the request. */
const SIGNED_PATHS = [
  '/v1/triggers/{triggerId}',
  '/v1/webhooks/meta/{connectionId}',
  '/v1/webhooks/pbx/{connectionId}',
]
const OPEN_PATHS = [
  '/',
  '/.well-known/latchkey.json',
  '/docs',
  '/docs/errors/{code}',
  '/healthz',
  '/openapi.json',
  '/readyz',
]

/** Headers that carry no token, or none that anybody has. */
const REFUSED_HEADERS: readonly (readonly [what: string, header: (admin: string) => string])[] = [
  ['an empty header', () => ''],
  ['a scheme alone', () => 'Bearer'],
  ['a scheme and a blank', () => 'Bearer '],
  ['a token without scheme', (admin) => admin],
  ['the Basic scheme', (admin) => `Basic ${btoa(`admin:${admin}`)}`],
  ['two tokens', (admin) => `Bearer ${admin} ${admin}`],
  ['a joined pair of headers', (admin) => `Bearer ${admin}, Bearer ${admin}`],
  ['a quoted token', (admin) => `Bearer "${admin}"`],
  ['the token cut short', (admin) => `Bearer ${admin.slice(0, -1)}`],
  ['the token with more behind it', (admin) => `Bearer ${admin}A`],
  ['the token in capitals', (admin) => `Bearer ${admin.toUpperCase()}`],
  ['an unknown token', () => `Bearer ${UNKNOWN}`],
  ['two dots and no JWT', () => 'Bearer a.b.c'],
  ['a very long token', () => `Bearer ${'A'.repeat(6000)}`],
]

/** Who gets in at all. */
export function authenticationSuite(open: OpenApi): void {
  describe('authentication', () => {
    let api: ApiHarness

    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const statusOf = async (token: string) => (await call(api, 'GET', LIST, { token })).status

    test('open routes are those of the contract, and need no token', async () => {
      const routes = (await documentedRoutes(api)).filter((route) => route.scope === null)
      const signed = routes.filter(({ path }) => SIGNED_PATHS.includes(path))
      expect([...new Set(signed.map(({ path }) => path))].toSorted()).toEqual(SIGNED_PATHS)
      const unsigned = routes.filter((route) => !signed.includes(route))
      expect(unsigned.map(({ path }) => path).toSorted()).toEqual(OPEN_PATHS)
      for (const route of unsigned) {
        const path = route.path.replace('{code}', 'not_found')
        const sent = await call(api, route.method, path, { token: null })
        expect([path, sent.status]).toEqual([path, 200])
      }
    })

    test('every other route refuses a request without token, before it reads anything', async () => {
      const routes = (await documentedRoutes(api)).filter((route) => route.scope !== null)
      expect(routes.length).toBeGreaterThan(0)
      for (const route of routes) {
        const sent = await call(api, route.method, samplePath(route), {
          token: null,
          ...(route.method === 'GET' ? {} : { body: 'no JSON', type: 'application/json' }),
        })
        expect([route.operationId, sent.status]).toEqual([route.operationId, 401])
        expect(sent.json).toMatchObject({ code: 'unauthenticated', retryable: false })
        expect(sent.headers.get('www-authenticate')).toBe('Bearer realm="latchkey"')
      }
    })

    for (const [what, header] of REFUSED_HEADERS) {
      test(`${what} is unauthenticated`, async () => {
        const headers = { authorization: header(api.adminToken) }
        const sent = await call(api, 'GET', LIST, { token: null, headers })
        expect(sent.status).toBe(401)
        expect(sent.json).toMatchObject({ code: 'unauthenticated' })
        expect(sent.headers.get('www-authenticate')).toBe('Bearer realm="latchkey"')
        expect(sent.text).not.toContain(api.adminToken)
      })
    }

    // A token in a URL ends up in logs and histories.
    test('a token in the query is not taken', async () => {
      for (const name of ['access_token', 'token', 'api-key']) {
        const sent = await call(api, 'GET', `${LIST}?${name}=${api.adminToken}`, { token: null })
        expect(sent.status).toBe(401)
      }
      expect(api.logs().join('\n')).not.toContain(api.adminToken)
    })

    test('the scheme is taken in any case, and HEAD wherever GET is', async () => {
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        const headers = { authorization: `${scheme} ${api.adminToken}` }
        expect((await call(api, 'GET', LIST, { token: null, headers })).status).toBe(200)
      }
      expect((await call(api, 'HEAD', LIST, { token: null })).status).toBe(401)
      expect((await call(api, 'HEAD', LIST)).status).toBe(200)
    })

    test('an expired token is refused from the moment of its expiry', async () => {
      const expiresAt = new Date(Date.now() + MINUTE).toISOString()
      const { token } = await makeToken(api, ['connections:read'], { expiresAt })
      expect(await statusOf(token)).toBe(200)
      await api.advance(MINUTE)
      expect(await statusOf(token)).toBe(401)
    })

    test('a token that would have expired already is not made', async () => {
      const expiresAt = new Date(Date.now() - MINUTE).toISOString()
      const json = { name: 'late', scopes: ['connections:read'], expiresAt }
      const sent = await call(api, 'POST', '/v1/tokens', { json })
      expect(sent.json).toMatchObject({
        code: 'invalid_request',
        errors: [{ pointer: '/expiresAt' }],
      })
    })

    // Whoever has a token for an hour makes one for ever of it.
    test('a token that expires makes none that outlives it', async () => {
      const end = Date.now() + MINUTE
      const { token } = await makeToken(api, ['admin'], { expiresAt: toTimestamp(end) })
      for (const limits of [{}, { expiresAt: null }, { expiresAt: toTimestamp(end + 1) }]) {
        const json = { name: 'longer', scopes: ['connections:read'], ...limits }
        const sent = await call(api, 'POST', '/v1/tokens', { token, json })
        expect(sent.json, JSON.stringify(limits)).toMatchObject({
          code: 'invalid_request',
          errors: [{ pointer: '/expiresAt' }],
        })
        expect(sent.text).toContain(toTimestamp(end))
      }
      const made = await makeToken(api, ['connections:read'], {
        by: token,
        expiresAt: toTimestamp(end),
      })
      expect(await statusOf(made.token)).toBe(200)
    })

    test('a revoked token is refused at once here, and soon by whoever remembers it', async () => {
      const { id, token } = await makeToken(api, ['connections:read'])
      const there = await api.elsewhere()
      const statusThere = async () => (await call(there, 'GET', LIST, { token })).status
      expect([await statusOf(token), await statusThere()]).toEqual([200, 200])
      expect((await call(api, 'DELETE', `/v1/tokens/${id}`)).status).toBe(204)
      expect(await statusOf(token)).toBe(401)
      await api.advance(REVOKED_EVERYWHERE_MS)
      expect(await statusThere()).toBe(401)
      expect((await call(api, 'DELETE', `/v1/tokens/${id}`)).status).toBe(404)
    })

    test('a token is shown once: lists and events know its name and rights alone', async () => {
      const { id, token } = await makeToken(api, ['connections:read'])
      const list = await call(api, 'GET', '/v1/tokens')
      expect(list.json).toMatchObject({ data: [{ id, scopes: ['connections:read'] }] })
      const events = await call(api, 'GET', `/v1/events?subject=${id}`)
      expect(events.json).toMatchObject({ data: [{ type: 'token.created' }] })
      for (const seen of [list.text, events.text, api.logs().join('\n')]) {
        expect(seen).not.toContain(token)
        expect(seen).not.toContain('digest')
      }
    })

    test('the first admin token is no stored one: it is not listed, and cannot be revoked', async () => {
      const list = await call(api, 'GET', '/v1/tokens')
      expect(list.json).toEqual({ data: [], nextCursor: null })
      expect((await call(api, 'DELETE', '/v1/tokens/tok_admin')).status).toBe(404)
      expect((await call(api, 'GET', '/v1/tokens')).status).toBe(200)
    })
  })

  test('an admin token with two dots is a token, not a JWT', async () => {
    const dotted = `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`
    const api = await open({ env: { LATCHKEY_ADMIN_TOKEN: dotted } })
    expect((await call(api, 'GET', LIST, { token: dotted })).status).toBe(200)
    await api.close()
  })

  test.each([
    ['too short', 'lk_short'],
    ['what no Authorization header carries', `lk_${'$'.repeat(43)}`],
    ['more than one word', `lk_${'a '.repeat(30)}`],
  ])('the start refuses an admin token that is %s', async (_, token) => {
    await expect(open({ env: { LATCHKEY_ADMIN_TOKEN: token } })).rejects.toThrow(
      /^LATCHKEY_ADMIN_TOKEN must [^\n]+$/,
    )
  })

  describe('the rate limit', () => {
    test('is told with every answer, for each token by itself, and starts anew', async () => {
      const api = await open({ env: { LATCHKEY_RATE_LIMIT: '5' } })
      const first = await call(api, 'GET', LIST)
      expect(first.headers.get('ratelimit-policy')).toBe('"default";q=5;w=60')
      expect(first.headers.get('ratelimit')).toMatch(/^"default";r=4;t=\d+$/)
      const { token } = await makeToken(api, ['connections:read'])
      // What is refused for want of rights counts too.
      const forbidden = await call(api, 'GET', '/v1/tokens', { token })
      expect(forbidden.headers.get('ratelimit')).toMatch(/^"default";r=4;/)
      for (let left = 2; left >= 0; left -= 1) {
        const sent = await call(api, 'GET', LIST)
        expect(sent.headers.get('ratelimit')).toMatch(new RegExp(`^"default";r=${left};`))
      }
      const refused = await call(api, 'GET', LIST)
      expect(refused.status).toBe(429)
      expect(refused.json).toMatchObject({ code: 'rate_limited', retryable: true })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(refused.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/)
      expect(refused.headers.get('ratelimit-policy')).toBe('"default";q=5;w=60')
      expect((await call(api, 'GET', LIST, { token })).status).toBe(200)
      expect((await call(api, 'GET', '/healthz', { token: null })).status).toBe(200)
      await api.advance(MINUTE)
      expect((await call(api, 'GET', LIST)).status).toBe(200)
      await api.close()
    })

    test.each(['0', '-1', '1.5', 'many', ' '])('cannot be set to "%s"', async (limit) => {
      await expect(open({ env: { LATCHKEY_RATE_LIMIT: limit } })).rejects.toThrow(
        /^LATCHKEY_RATE_LIMIT must [^\n]+$/,
      )
    })
  })
}
