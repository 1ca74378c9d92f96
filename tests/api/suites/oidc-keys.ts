import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { type IssuerControl, issuerControl } from '../harness/issuer-control.ts'
import { AUDIENCE, inSeconds, mint, type SigningKey, signingKey } from '../harness/mint.ts'
import { exportJWK, SignJWT } from 'jose'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** Longer than every wait between two reads of an issuer's keys. */
const COOLED_MS = 31 * SECOND

/** Where the keys of issuers come from, and what becomes of tokens while they do not come. */
export function oidcKeysSuite(open: OpenApi): void {
  describe('the keys of an issuer', () => {
    let api: ApiHarness
    let issuer: IssuerControl
    let first: SigningKey
    let second: SigningKey
    let serial = 0

    beforeAll(async () => {
      first = await signingKey('ES256', 'first')
      second = await signingKey('ES256', 'second')
    })
    beforeEach(async () => {
      api = await open({ issuers: ['main'] })
      issuer = issuerControl(`${api.issuersUrl}/main`)
      await issuer.set({ jwks: { keys: [first.jwk] } })
    })
    afterEach(() => api.close())

    /** Asks with a token that nobody has seen yet. */
    const ask = async (key: SigningKey, kid = key.kid) => {
      serial += 1
      const claims = { jti: String(serial), exp: inSeconds(24 * 3600) }
      const token = await mint(issuer.issuer, { ...key, kid }, { claims })
      return call(api, 'GET', '/v1/connections', { token })
    }
    const statusOf = async (key: SigningKey, kid = key.kid) => (await ask(key, kid)).status

    test('are read once, however many ask at once', async () => {
      const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf(first)))
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(await issuer.reads()).toEqual({ metadata: 1, keys: 1 })
      await api.advance(11 * MINUTE)
      expect(await statusOf(first)).toBe(200)
      expect(await issuer.reads()).toEqual({ metadata: 2, keys: 2 })
    })

    test('are read again for a key id that is new, and the old key ends with its withdrawal', async () => {
      expect(await statusOf(first)).toBe(200)
      await api.advance(COOLED_MS)
      await issuer.set({ jwks: { keys: [second.jwk] } })
      const statuses = await Promise.all(Array.from({ length: 4 }, () => statusOf(second)))
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(await issuer.reads()).toEqual({ metadata: 1, keys: 1 })
      expect(await statusOf(first)).toBe(401)
    })

    // Whoever can write a header could make Latchkey call the issuer for every request.
    test('are not read for each key id that somebody makes up', async () => {
      for (let turn = 1; turn <= 2; turn += 1) {
        for (let n = 0; n < 5; n += 1) expect(await statusOf(first, `made-up-${n}`)).toBe(401)
        expect(await issuer.reads()).toEqual({ metadata: turn, keys: turn })
        expect(await statusOf(first)).toBe(200)
        await api.advance(COOLED_MS)
      }
    })

    test('that cannot be read are no reason to call the token bad', async () => {
      await issuer.set({ jwks: { keys: [first.jwk] }, down: true })
      const sent = await ask(first)
      expect(sent.status, sent.text).toBe(503)
      expect(sent.json).toMatchObject({
        code: 'upstream_unavailable',
        retryable: true,
        detail: 'Cannot check the token: its issuer’s keys cannot be read',
      })
      expect(Number(sent.headers.get('retry-after'))).toBeGreaterThan(0)
      await issuer.set({ jwks: { keys: [first.jwk] } })
      // It is not asked again at once.
      expect(await statusOf(first)).toBe(503)
      expect(await issuer.reads()).toEqual({ metadata: 0, keys: 0 })
      await api.advance(6 * SECOND)
      expect(await statusOf(first)).toBe(200)
    })

    test('are believed for an hour while their issuer is down, new ones not at all', async () => {
      expect(await statusOf(first)).toBe(200)
      await issuer.set({ down: true })
      await api.advance(20 * MINUTE)
      expect(await statusOf(second)).toBe(503)
      expect(await statusOf(first)).toBe(200)
      await api.advance(41 * MINUTE)
      expect(await statusOf(first)).toBe(503)
    })

    test.each([
      ['of another issuer', { issuer: 'https://login.example.com', jwks_uri: 'https://a.example' }],
      ['without the place of the keys', {}],
    ])('are not taken from metadata %s', async (_, metadata) => {
      await issuer.set({
        metadata: { issuer: issuer.issuer, ...metadata },
        jwks: { keys: [first.jwk] },
      })
      expect(await statusOf(first)).toBe(503)
      expect(await issuer.reads()).toMatchObject({ keys: 0 })
    })

    // Metadata that points inwards would make Latchkey read what only it can reach.
    test('are not fetched from where no upstream may be', async () => {
      for (const jwks_uri of ['http://169.254.169.254/jwks', 'http://10.0.0.1/jwks', 'file:///x']) {
        await issuer.set({ metadata: { issuer: issuer.issuer, jwks_uri } })
        expect([jwks_uri, await statusOf(first)]).toEqual([jwks_uri, 503])
        await api.advance(COOLED_MS)
      }
    })

    test('are found among others that are of no use', async () => {
      const { alg: _, use: _use, ...bare } = first.jwk
      const odd = [null, 'key', {}, { kty: 'XYZ', kid: 'first' }, { kty: 'RSA', n: 1 }]
      const encrypting = { ...second.jwk, use: 'enc' }
      await issuer.set({ jwks: { keys: [...odd, encrypting, bare] } })
      expect(await statusOf(first)).toBe(200)
      expect(await statusOf(second)).toBe(401)
    })

    // An issuer that publishes what it signs with: anybody could sign.
    test('sign nothing once their private half was published, and secrets never do', async () => {
      const secret = crypto.getRandomValues(new Uint8Array(32))
      const oct = { ...(await exportJWK(secret)), kid: 'secret', alg: 'HS256' }
      const published = { ...(await exportJWK(second.privateKey)), kid: 'second', alg: 'ES256' }
      await issuer.set({ jwks: { keys: [oct, published, first.jwk] } })
      expect(await statusOf(second)).toBe(401)
      const token = await new SignJWT({ iss: issuer.issuer, aud: AUDIENCE, sub: 'somebody' })
        .setProtectedHeader({ alg: 'HS256', kid: 'secret' })
        .setExpirationTime('5m')
        .sign(secret)
      expect((await call(api, 'GET', '/v1/connections', { token })).status).toBe(401)
      expect(await statusOf(first)).toBe(200)
    })
  })
}
