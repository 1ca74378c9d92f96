import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, make, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

/** A CA of nobody's: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=CA`. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBXjCCAQSgAwIBAgIBATAKBggqhkjOPQQDAjANMQswCQYDVQQDDAJDQTAgFw0y',
  'NjExMjEwNTQ1MjlaGA8yMTI2MTAyODA1NDUyOVowDTELMAkGA1UEAwwCQ0EwWTAT',
  'BgcqhkjOPQIBBggqhkjOPQMBBwNCAARQdRPreLH3ehHnCOqFRRYNeW8alLHkVfF4',
  'jQWk4mqE5LnKrjPTeqavUppEBs7JE0F7VESjQkP2YrOnYBUSVteTo1MwUTAdBgNV',
  'HQ4EFgQU41CmMnUZyUCHM2hk19DE3/M2144wHwYDVR0jBBgwFoAU41CmMnUZyUCH',
  'M2hk19DE3/M2144wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAs',
  '5TCWXRQaGeRgEmSox4OLx2DfaduWTzNdssWFnefSzgIhAI0DlB8r0Mw55GxTUUeM',
  '1BhW1NPPkTQnYNvz2011EJY4',
  '-----END CERTIFICATE-----',
  '',
].join('\n')
const DIGITS = '0123456789abcdef'.repeat(4)
const PINNED = { pinnedFingerprint: `sha256:${DIGITS}` }
const PRIVATE = '-----BEGIN PRIVATE KEY-----\nMIIBVQIBADANBg\n-----END PRIVATE KEY-----\n'
const CA = '/config/tls/caCertificates'
const PIN = '/config/tls/pinnedFingerprint'

/** What a connection is made with whose host has a certificate of its own making. */
const draft = (tls: unknown, baseUrl = 'https://wa.example.com') => ({
  provider: 'onprem',
  name: 'own host',
  config: { baseUrl, tls },
  credentials: { username: 'admin', password: 'a-password' },
})

/** Own trust: accepted, shown and changed where the runtime can; refused with what to do where it cannot. */
export function tlsSuite(open: OpenApi): void {
  describe('config.tls', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const create = (tls: unknown, baseUrl?: string): Promise<Sent> =>
      call(api, 'POST', '/v1/connections', { json: draft(tls, baseUrl) })

    test('is accepted where the runtime can trust a host by it, and else refused with what to do', async () => {
      for (const tls of [PINNED, { caCertificates: CERTIFICATE }]) {
        const made = await create(tls)
        if (api.hasOwnTrust) {
          expect(made.status, made.text).toBe(201)
          expect(made.json).toMatchObject({ config: { tls } })
          expect((await call(api, 'GET', made.headers.get('location') ?? '')).json).toEqual(
            made.json,
          )
        } else {
          const { detail } = await expectProblem(api, made, 'invalid_request', ['/config/tls'])
          expect(detail).toContain('serve this connection from the Deno server')
          expect(detail).toContain('certificate of a public authority')
        }
      }
    })

    test('is set, changed whole and removed by PATCH, without the credentials given again', async () => {
      const path = `/v1/connections/${await make(api, '/v1/connections', draft(undefined))}`
      const patch = (tls: unknown) => call(api, 'PATCH', path, { json: { config: { tls } } })
      if (!api.hasOwnTrust) {
        await expectProblem(api, await patch(PINNED), 'invalid_request', ['/config/tls'])
        expect((await call(api, 'GET', path)).text).not.toContain('tls')
        return
      }
      for (const tls of [PINNED, { caCertificates: CERTIFICATE }, PINNED]) {
        const changed = await patch(tls)
        expect(changed.status, changed.text).toBe(200)
        expect(changed.json).toHaveProperty('config.tls', tls)
        expect((await call(api, 'GET', path)).json).toEqual(changed.json)
      }
      expect((await patch(null)).json).not.toHaveProperty('config.tls')
    })

    test('is kept in one form, however it was written', async () => {
      const pairs = DIGITS.toUpperCase().match(/../g)?.join(':')
      const forms: readonly (readonly [unknown, unknown])[] = [
        [{ pinnedFingerprint: `SHA256 Fingerprint=${pairs}` }, PINNED],
        [{ pinnedFingerprint: DIGITS.toUpperCase() }, PINNED],
        [
          { caCertificates: `issuer=CN = CA\r\n${CERTIFICATE.replaceAll('\n', '\r\n')}` },
          { caCertificates: CERTIFICATE },
        ],
      ]
      for (const [given, kept] of forms) {
        const made = await create(given)
        if (api.hasOwnTrust) expect(made.json).toHaveProperty('config.tls', kept)
        else await expectProblem(api, made, 'invalid_request', ['/config/tls'])
      }
    })

    test.each([
      ['a pin that is none', { pinnedFingerprint: 'sha1:00' }, PIN],
      ['a PEM that is none', { caCertificates: 'our own CA' }, CA],
      ['no trust at all', { rejectUnauthorized: false }, '/config/tls/rejectUnauthorized'],
      ['nothing', {}, CA],
      ['a text', 'none', '/config/tls'],
      ['a list', [PINNED], '/config/tls'],
    ])('is refused in another form: %s', async (_what, tls, pointer) => {
      const problem = await expectProblem(api, await create(tls), 'invalid_request')
      expect(problem.errors.map((each) => each.pointer)).toContain(pointer)
      await expectNothingSent(api)
    })

    // The file that was at hand is the server's own, with its key in it.
    test('is refused with a private key in it, which is repeated nowhere', async () => {
      const sent = await create({ caCertificates: PRIVATE + CERTIFICATE })
      const { errors } = await expectProblem(api, sent, 'invalid_request', [CA])
      expect(errors[0]?.message).toContain('private key')
      const events = await call(api, 'GET', '/v1/events')
      expect(sent.text + events.text + api.logs().join('\n')).not.toContain('MIIBVQIBADANBg')
    })

    test('is refused for a host of plain http, which shows no certificate', async () => {
      const problem = await expectProblem(
        api,
        await create(PINNED, api.urls.onprem),
        'invalid_request',
        ['/config/tls'],
      )
      if (api.hasOwnTrust) expect(problem.detail).toContain('plain http')
    })

    test('does not hide that the host itself is refused', async () => {
      const sent = await create(PINNED, 'https://169.254.169.254')
      await expectProblem(api, sent, 'invalid_request', ['/config/baseUrl'])
    })

    test('is no field of a provider whose hosts are its own', async () => {
      const json = {
        provider: 'kaleyra',
        name: 'x',
        config: { sid: 'S1', pod: 'in', tls: PINNED },
        credentials: { apiKey: 'a-key' },
      }
      const sent = await call(api, 'POST', '/v1/connections', { json })
      await expectProblem(api, sent, 'invalid_request', ['/config/tls'])
    })
  })
}
