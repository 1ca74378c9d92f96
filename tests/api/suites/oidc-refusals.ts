import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { type IssuerControl, issuerControl } from '../harness/issuer-control.ts'
import {
  AUDIENCE,
  inSeconds,
  mint,
  type MintOptions,
  type SigningKey,
  signingKey,
} from '../harness/mint.ts'

const DAY_SECONDS = 86_400

interface Forgery {
  readonly issuer: string
  /** An issuer that is trusted as well. */
  readonly otherIssuer: string
  /** A server of the attacker's, with keys of its own. */
  readonly attacker: string
  readonly key: SigningKey
  readonly otherKey: SigningKey
  readonly attackerKey: SigningKey
}

/** A token of the trusted issuer, signed with its key, but for one thing. */
const WRONG: readonly (readonly [what: string, options: MintOptions])[] = [
  ['another issuer', { claims: { iss: 'https://login.example.com' } }],
  ['no issuer', { claims: { iss: undefined } }],
  ['another audience', { claims: { aud: 'another' } }],
  ['an audience that only begins alike', { claims: { aud: `${AUDIENCE}-admin` } }],
  ['a list of other audiences', { claims: { aud: ['another', 'third'] } }],
  ['an empty list of audiences', { claims: { aud: [] } }],
  ['no audience', { claims: { aud: undefined } }],
  ['an expiry in the past', { claims: { exp: inSeconds(-60) } }],
  ['no expiry', { claims: { exp: undefined } }],
  ['an expiry that is no number', { claims: { exp: 'tomorrow' } }],
  ['a begin in the future', { claims: { nbf: inSeconds(DAY_SECONDS) } }],
  ['no subject', { claims: { sub: undefined } }],
  ['an empty subject', { claims: { sub: '' } }],
  ['a subject longer than any', { claims: { sub: 'x'.repeat(256) } }],
  ['a subject with a line break', { claims: { sub: 'somebody\nelse' } }],
  ['the type of a logout token', { header: { typ: 'logout+jwt' } }],
  ['the type of a proof of possession', { header: { typ: 'dpop+jwt' } }],
  ['the type of a security event', { header: { typ: 'secevent+jwt' } }],
  ['an empty type', { header: { typ: '' } }],
  ['a header that must be understood', { header: { crit: ['urn:x'], 'urn:x': 1 } }],
  ['a key id that the issuer does not have', { header: { kid: 'unknown' } }],
  ['more than 16 KiB', { claims: { padding: 'x'.repeat(16 * 1024) } }],
]

/** Tokens that somebody made who is not the issuer. */
const FORGED: readonly (readonly [what: string, make: (of: Forgery) => Promise<string>])[] = [
  // RFC 8725 §2.1: an unsigned token claims that it needs no signature.
  [
    'no signature at all',
    ({ issuer }) =>
      Promise.resolve(
        new UnsecuredJWT({ iss: issuer, aud: AUDIENCE, sub: 'somebody', scope: 'admin' })
          .setExpirationTime('5m')
          .encode(),
      ),
  ],
  // RFC 8725 §2.1: the public key, which everybody knows, serves as the secret of an HMAC.
  [
    'the public key as the secret of HS256',
    async ({ issuer, key }) => {
      const publicKey = await importJWK({ ...key.jwk, ext: true }, key.alg)
      if (publicKey instanceof Uint8Array) throw new Error('Cannot forge: the key is symmetric')
      return new SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'somebody', scope: 'admin' })
        .setProtectedHeader({ alg: 'HS256', kid: key.kid ?? '' })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(await exportSPKI(publicKey)))
    },
  ],
  ['a key of the attacker’s', ({ issuer, attackerKey }) => mint(issuer, attackerKey)],
  [
    'the key of another trusted issuer',
    ({ issuer, otherKey, key }) => mint(issuer, { ...otherKey, kid: key.kid }),
  ],
  [
    'the claims of another trusted issuer',
    ({ otherIssuer, key, otherKey }) => mint(otherIssuer, { ...key, kid: otherKey.kid }),
  ],
  // RFC 8725 §2.9 and §3.10: the token brings its own key, or says where to fetch it.
  [
    'its own key in the header',
    ({ issuer, attackerKey, key }) =>
      mint(issuer, attackerKey, { header: { kid: key.kid ?? '', jwk: attackerKey.jwk } }),
  ],
  [
    'the place of its own keys in the header',
    ({ issuer, attacker, attackerKey }) =>
      mint(issuer, attackerKey, {
        header: { jku: `${attacker}/jwks`, x5u: `${attacker}/jwks`, x5c: ['AAAA'] },
      }),
  ],
  ['an issuer that is not configured', ({ attacker, attackerKey }) => mint(attacker, attackerKey)],
  [
    'an issuer that only begins alike',
    ({ issuer, attackerKey }) => mint(`${issuer}/..`, attackerKey),
  ],
  [
    'a payload that was altered',
    async ({ issuer, key }) => {
      const [header = '', , signature = ''] = (await mint(issuer, key)).split('.')
      const [, payload = ''] = (await mint(issuer, key, { claims: { scope: 'admin' } })).split('.')
      return [header, payload, signature].join('.')
    },
  ],
  [
    'a signature that was cut off',
    async ({ issuer, key }) =>
      (await mint(issuer, key)).split('.').slice(0, 2).join('.').concat('.'),
  ],
]

/** What is refused with a token that looks like one of a configured issuer's. */
export function oidcRefusalsSuite(open: OpenApi): void {
  describe('a JWT is refused', () => {
    let api: ApiHarness
    let keys: readonly [SigningKey, SigningKey, SigningKey]
    let issuer: IssuerControl
    let other: IssuerControl
    let attacker: IssuerControl

    beforeAll(async () => {
      keys = await Promise.all([
        signingKey('RS256', 'main'),
        signingKey('RS256', 'other'),
        signingKey('RS256', 'attacker'),
      ])
    })
    beforeEach(async () => {
      api = await open({ issuers: ['main', 'other'] })
      const at = (name: string) => issuerControl(`${api.issuersUrl}/${name}`)
      issuer = at('main')
      other = at('other')
      attacker = at('attacker')
      await issuer.set({ jwks: { keys: [keys[0].jwk] } })
      await other.set({ jwks: { keys: [keys[1].jwk] } })
      await attacker.set({ jwks: { keys: [keys[2].jwk] } })
    })
    afterEach(() => api.close())

    const expectRefused = async (token: string) => {
      const sent = await call(api, 'GET', '/v1/connections', { token })
      expect(sent.status, sent.text).toBe(401)
      expect(sent.json).toMatchObject({
        code: 'unauthenticated',
        // Not why: that would help nobody but who is trying.
        detail: 'Cannot authenticate: the token is unknown, expired or revoked',
      })
    }

    for (const [what, options] of WRONG) {
      test(`with ${what}`, async () => {
        const [key] = keys
        await expectRefused(await mint(issuer.issuer, key, options))
        const good = await mint(issuer.issuer, key)
        expect((await call(api, 'GET', '/v1/connections', { token: good })).status).toBe(200)
      })
    }

    for (const [what, forge] of FORGED) {
      test(`with ${what}`, async () => {
        const [key, otherKey, attackerKey] = keys
        const forgery = { key, otherKey, attackerKey }
        const issuers = { issuer: issuer.issuer, otherIssuer: other.issuer }
        const urls = { ...issuers, attacker: attacker.issuer }
        await expectRefused(await forge({ ...forgery, ...urls }))
        expect(await attacker.reads()).toEqual({ metadata: 0, keys: 0 })
      })
    }
  })
}
