import { HOSTILE_SEGMENTS, hostileBaseUrls } from '@latchkey/http/fixtures'
import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'

/** Connections to the public hosts, which are checked and never called here. */
const PUBLIC = {
  graph: { provider: 'graph', config: {}, credentials: { accessToken: 'x' } },
  onprem: {
    provider: 'onprem',
    config: { baseUrl: 'https://wa.example.com' },
    credentials: { token: 'x' },
  },
  kaleyra: { provider: 'kaleyra', config: { sid: 'S1', pod: 'in' }, credentials: { apiKey: 'x' } },
} as const
const PROVIDERS = ['graph', 'onprem', 'kaleyra'] as const

/** Config fields that end up in a path. */
const PATH_FIELDS = [
  ['graph', 'version'],
  ['graph', 'wabaId'],
  ['graph', 'appId'],
  ['kaleyra', 'sid'],
] as const

/** Whoever may make connections or numbers must not get Latchkey to call what only Latchkey can reach. */
export function ssrfSuite(open: OpenApi): void {
  describe('where no private range is allowed', () => {
    let api: ApiHarness
    let port: number
    beforeEach(async () => {
      api = await open({ env: { LATCHKEY_ALLOW_PRIVATE_HOSTS: '' } })
      port = Number(new URL(api.urls.graph).port)
    })
    afterEach(async () => {
      expect((await api.sandbox.requests()).requests).toEqual([])
      await api.close()
    })

    for (const provider of PROVIDERS) {
      const draft = { ...PUBLIC[provider], name: provider }
      const hostileConfig = (baseUrl: string) =>
        provider === 'kaleyra' ? { sid: 'S1', baseUrl } : { baseUrl }

      test(`no connection of ${provider} is made with a hostile base URL`, async () => {
        for (const { name, baseUrl } of hostileBaseUrls(port)) {
          const json = { ...draft, config: hostileConfig(baseUrl) }
          const sent = await call(api, 'POST', '/v1/connections', { json })
          expect(sent.json, name).toMatchObject({
            code: 'invalid_request',
            errors: [{ pointer: '/config/baseUrl' }],
          })
          expect(sent.text, name).not.toContain('secret')
        }
        expect((await call(api, 'GET', '/v1/connections')).json).toMatchObject({ data: [] })
      })

      test(`no connection of ${provider} is changed to a hostile base URL`, async () => {
        const path = `/v1/connections/${await make(api, '/v1/connections', draft)}`
        const before = await call(api, 'GET', path)
        for (const { name, baseUrl } of hostileBaseUrls(port)) {
          const config = { baseUrl, ...(provider === 'kaleyra' ? { pod: null } : {}) }
          const sent = await call(api, 'PATCH', path, { json: { config } })
          expect(sent.json, name).toMatchObject({
            code: 'invalid_request',
            errors: [{ pointer: '/config/baseUrl' }],
          })
        }
        expect((await call(api, 'GET', path)).json).toEqual(before.json)
      })

      test(`no number of ${provider} has an id that would leave its path`, async () => {
        const connectionId = await make(api, '/v1/connections', draft)
        for (const [name, upstreamId] of HOSTILE_SEGMENTS) {
          const sent = await call(api, 'POST', '/v1/numbers', {
            json: { connectionId, upstreamId },
          })
          expect(sent.json, name).toMatchObject({
            code: 'invalid_request',
            errors: [{ pointer: '/upstreamId' }],
          })
        }
      })
    }

    test.each(PATH_FIELDS)(
      'no config of %s has a %s that would leave its path',
      async (provider, field) => {
        for (const [name, segment] of HOSTILE_SEGMENTS) {
          const config = { ...PUBLIC[provider].config, [field]: segment }
          const json = { ...PUBLIC[provider], name: provider, config }
          const sent = await call(api, 'POST', '/v1/connections', { json })
          expect(sent.json, name).toMatchObject({
            code: 'invalid_request',
            errors: [{ pointer: `/config/${field}` }],
          })
        }
      },
    )

    // Ids in our own paths: they name what is stored, and nothing else.
    test('an id of the path reaches nothing but what it names', async () => {
      for (const [name, segment] of HOSTILE_SEGMENTS) {
        const id = encodeURIComponent(segment.toWellFormed())
        for (const path of [`/v1/connections/${id}/check`, `/v1/connections/${id}/discover`]) {
          const { status } = await call(api, 'POST', path)
          expect([404, 405], `${name} ${path}`).toContain(status)
        }
        const read = await call(api, 'GET', `/v1/numbers/${id}/encryption-key?fresh=true`)
        expect(read.status, name).toBe(404)
      }
    })
  })

  describe('what an upstream says', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    // A list's next page is a URL of the upstream's choice, with a cursor of its choice.
    test('of the next page leads nowhere else', async () => {
      const { wabaId, version } = SAMPLE.graph
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const path = `/${version}/${wabaId}/phone_numbers`
      const next = `${api.urls.onprem}/v1/health`
      for (const [name, after] of HOSTILE_SEGMENTS) {
        await api.sandbox.clearRequests()
        const json = { data: [], paging: { next, cursors: { after } } }
        const answer = { kind: 'respond', status: 200, json } as const
        await api.sandbox.addFault({ upstream: 'graph', path, answer })
        await call(api, 'POST', `/v1/connections/${connectionId}/discover`)
        const { requests } = await api.sandbox.requests()
        for (const request of requests) {
          expect([request.upstream, request.path], name).toEqual(['graph', path])
        }
        const asked = requests.map(({ query }) => query['after'] ?? '')
        expect(asked.at(-1), name).toBe(after.toWellFormed())
      }
    })

    // Redirects of an upstream that was taken over, to another upstream's secrets.
    test.each([301, 302, 303, 307, 308] as const)(
      'of another place is not followed: %i',
      async (status) => {
        const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
        const answer = {
          kind: 'redirect',
          status,
          location: `${api.urls.onprem}/v1/health`,
        } as const
        await api.sandbox.addFault({ upstream: 'graph', times: null, answer })
        const sent = await call(api, 'POST', `/v1/connections/${connectionId}/check`)
        expect(sent.json).toMatchObject({ ok: false, problem: { code: 'upstream_malformed' } })
        expect(sent.text).not.toContain('/v1/health')
        expect((await api.sandbox.requests({ upstream: 'onprem' })).requests).toEqual([])
      },
    )
  })
}
