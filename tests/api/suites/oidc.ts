import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { type IssuerControl, issuerControl } from '../harness/issuer-control.ts'
import { AUDIENCE, inSeconds, mint, type SigningKey, signingKey } from '../harness/mint.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']
const LIST = '/v1/connections'

/** Tokens of a configured OpenID issuer, and what they entitle to. */
export function oidcSuite(open: OpenApi): void {
  describe('a JWT of a configured issuer', () => {
    let api: ApiHarness
    let issuer: IssuerControl
    let key: SigningKey

    beforeAll(async () => {
      key = await signingKey('ES256', 'main')
    })
    beforeEach(async () => {
      api = await open({ issuers: ['main'] })
      issuer = issuerControl(`${api.issuersUrl}/main`)
      await issuer.set({ jwks: { keys: [key.jwk] } })
    })
    afterEach(() => api.close())

    const withClaims = (claims: Readonly<Record<string, unknown>>) =>
      mint(issuer.issuer, key, { claims })
    const statusOf = async (token: string, path = LIST) =>
      (await call(api, 'GET', path, { token })).status

    test('is taken in every usual asymmetric algorithm', async () => {
      const keys = await Promise.all(ALGORITHMS.map((alg) => signingKey(alg, `key-${alg}`)))
      await issuer.set({ jwks: { keys: keys.map(({ jwk }) => jwk) } })
      for (const each of keys) {
        const status = await statusOf(await mint(issuer.issuer, each))
        expect([each.alg, status]).toEqual([each.alg, 200])
      }
    })

    test('is taken with each type of an access token, and without one', async () => {
      for (const typ of [undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt']) {
        const header = typ === undefined ? {} : { typ }
        const status = await statusOf(await mint(issuer.issuer, key, { header }))
        expect([typ, status]).toEqual([typ, 200])
      }
    })

    test('is taken with an audience among others, a little drift, and no kid for an only key', async () => {
      const { kid: _, ...unnamed } = key.jwk
      await issuer.set({ jwks: { keys: [unnamed] } })
      const claims = { aud: ['another', AUDIENCE], exp: inSeconds(-10), nbf: inSeconds(10) }
      const nameless = { ...key, kid: undefined }
      expect(await statusOf(await mint(issuer.issuer, nameless, { claims }))).toBe(200)
    })

    test('has the scopes of its scope claim, and no others', async () => {
      const token = await withClaims({ scope: 'openid numbers:read email connections:read' })
      expect(await statusOf(token)).toBe(200)
      expect(await statusOf(token, '/v1/numbers')).toBe(200)
      expect(await statusOf(token, '/v1/events')).toBe(403)
      expect(await statusOf(token, '/v1/tokens')).toBe(403)
      expect(await statusOf(await withClaims({ scope: 'admin' }), '/v1/tokens')).toBe(200)
    })

    test.each([
      ['none', undefined],
      ['an empty one', ''],
      ['a list in place of text', ['admin']],
      ['a scope with more behind it', 'administrator admin2 connections:read2'],
      ['other separators', 'connections:read,admin'],
      ['other case', 'CONNECTIONS:READ Admin'],
    ])('whose scope claim is %s has no rights', async (_, scope) => {
      const sent = await call(api, 'GET', LIST, { token: await withClaims({ scope }) })
      expect(sent.json).toMatchObject({ code: 'forbidden' })
    })

    test('is limited by latchkey_connections', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      await make(api, '/v1/connections', connectionTo(api, 'kaleyra'))
      const limited = await withClaims({
        scope: 'connections:read connections:write numbers:read events:read',
        latchkey_connections: [connectionId],
      })
      const list = await call(api, 'GET', LIST, { token: limited })
      expect(list.json).toMatchObject({ data: [{ id: connectionId }], nextCursor: null })
      expect(await statusOf(limited, `/v1/numbers/${numberId}`)).toBe(200)
      expect(await statusOf(limited, '/v1/events/verify')).toBe(403)
      const json = connectionTo(api, 'graph')
      expect((await call(api, 'POST', LIST, { token: limited, json })).status).toBe(403)
      const none = await withClaims({
        scope: 'connections:read numbers:read',
        latchkey_connections: [],
      })
      expect((await call(api, 'GET', LIST, { token: none })).json).toMatchObject({ data: [] })
      expect(await statusOf(none, `/v1/numbers/${numberId}`)).toBe(404)
    })

    // A limit that is misread as none would open everything.
    test.each([
      ['null', null],
      ['one id in place of a list', 'con_0000000000000000'],
      ['a list of something else', [1]],
      ['a wildcard', ['*']],
      ['an empty id', ['']],
      ['the prefix of every id', ['con_']],
      ['an object', { 0: 'con_0000000000000000' }],
    ])('whose latchkey_connections is %s is refused', async (_, claim) => {
      const claims = { scope: 'admin', latchkey_connections: claim }
      expect(await statusOf(await withClaims(claims))).toBe(401)
    })

    test('is the actor of what it does, and hands on no more than it has', async () => {
      const mine = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const token = await withClaims({ scope: 'admin', latchkey_connections: [mine] })
      const ask = (connections: readonly string[] | null) =>
        call(api, 'POST', '/v1/tokens', {
          token,
          json: { name: 'handed on', scopes: ['numbers:read'], connections },
        })
      expect((await ask(null)).status).toBe(403)
      const made = await ask([mine])
      expect(made.status, made.text).toBe(201)
      const events = await call(api, 'GET', '/v1/events?type=token.created')
      const actor = { kind: 'jwt', id: `${issuer.issuer}#somebody` }
      expect(events.json).toMatchObject({ data: [{ actor }] })
    })

    test('is remembered no longer than it holds', async () => {
      const token = await withClaims({ exp: inSeconds(60) })
      expect(await statusOf(token)).toBe(200)
      // Half a minute of drift between clocks is allowed.
      await api.advance(91_000)
      expect(await statusOf(token)).toBe(401)
    })
  })

  test('JWTs are counted by their subject, however many it has', async () => {
    const api = await open({ issuers: ['main'], env: { LATCHKEY_RATE_LIMIT: '2' } })
    const issuer = issuerControl(`${api.issuersUrl}/main`)
    const key = await signingKey('ES256', 'main')
    await issuer.set({ jwks: { keys: [key.jwk] } })
    const statuses: number[] = []
    for (const sub of ['one', 'one', 'one', 'two']) {
      const claims = { sub, jti: String(statuses.length) }
      const token = await mint(issuer.issuer, key, { claims })
      statuses.push((await call(api, 'GET', LIST, { token })).status)
    }
    expect(statuses).toEqual([200, 200, 429, 200])
    await api.close()
  })

  test.each([
    ['no audience', 'https://login.example.com'],
    ['an empty audience', 'https://login.example.com|'],
    ['no URL', 'login.example.com|latchkey'],
    ['another scheme', 'ftp://login.example.com|latchkey'],
    ['a query', 'https://login.example.com?tenant=1|latchkey'],
    ['a fragment', 'https://login.example.com#x|latchkey'],
    ['user information', 'https://me@login.example.com|latchkey'],
    ['a third part', 'https://login.example.com|latchkey|more'],
    ['one good pair and one bad', 'https://login.example.com|latchkey,nonsense'],
  ])('LATCHKEY_OIDC_ISSUERS is refused with %s', async (_, text) => {
    await expect(open({ env: { LATCHKEY_OIDC_ISSUERS: text } })).rejects.toThrow(
      /^LATCHKEY_OIDC_ISSUERS must [^\n]+$/,
    )
  })
}
