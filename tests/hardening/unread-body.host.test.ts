import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionTo, make } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'

/** A token of the right form that nobody has. */
const TOKEN = `lk_${'A'.repeat(43)}`
const FORM = 'application/x-www-form-urlencoded'
const KALEYRA = 'v2/HXAP16SANDBOX97IN/whatsapp/919900000001/flows_encryption'
const GRAPH = 'v25.0/106540352242922/whatsapp_business_encryption'

type Provider = Parameters<typeof connectionTo>[1]

// Whoever has no token that counts must not have a server take in a megabyte a time.
describe('a dialect that is sent a token of nobody, or none', () => {
  let api: HostHarness
  beforeAll(async () => {
    api = await openHostHarness()
  })
  afterAll(() => api.close())

  async function send(provider: Provider, path: string, headers: Readonly<Record<string, string>>) {
    const connectionId = await make(api, '/v1/connections', connectionTo(api, provider))
    let isRead = false
    const body = new ReadableStream(
      {
        pull(controller) {
          isRead = true
          controller.enqueue(new TextEncoder().encode(`access_token=${TOKEN}`))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const init = {
      method: 'POST',
      headers: { 'content-type': FORM, ...headers },
      body,
      // Node takes no stream without it (WHATWG Fetch, "RequestInit").
      duplex: 'half',
    }
    const sent = await api.request(`/${provider}/${connectionId}/${path}`, init)
    await sent.body?.cancel()
    return { isRead, status: sent.status }
  }

  test.each<readonly [Provider, string, Readonly<Record<string, string>>, number]>([
    ['graph', GRAPH, { authorization: `Bearer ${TOKEN}` }, 401],
    ['graph', `${GRAPH}?access_token=${TOKEN}`, {}, 401],
    ['kaleyra', 'v1/whatsapp', { 'api-key': TOKEN }, 401],
    ['onprem', 'v1/certificates/external', { authorization: `Bearer ${TOKEN}` }, 401],
    ['pbx', `openapi/v1.0/certificate/upload?access_token=${TOKEN}`, {}, 200],
    ['graph', GRAPH, { 'content-type': 'text/plain' }, 401],
    ['kaleyra', KALEYRA, {}, 401],
    ['onprem', 'v1/settings/business/whatsapp_business_encryption', {}, 401],
    ['onprem', 'v1/certificates/external', { 'content-type': 'text/plain' }, 401],
    ['onprem', 'v1/users/login', {}, 401],
    ['onprem', 'v1/users/login', { authorization: `Bearer ${TOKEN}` }, 401],
    ['pbx', 'openapi/v1.0/certificate/upload', {}, 200],
    ['pbx', 'openapi/v1.0/certificate/create', { 'content-type': 'application/json' }, 200],
  ])('reads no body: %s at %s', async (provider, path, headers, status) => {
    expect(await send(provider, path, headers)).toEqual({ isRead: false, status })
  })

  const basic = { authorization: `Basic ${btoa(`admin:${TOKEN}`)}` }
  test.each<readonly [Provider, string, Readonly<Record<string, string>>, number]>([
    ['graph', GRAPH, {}, 401],
    ['onprem', 'v1/users/login', { ...basic, 'content-type': 'application/json' }, 400],
    ['pbx', 'openapi/v1.0/get_token', {}, 200],
    ['pbx', 'openapi/v1.0/refresh_token', {}, 200],
  ])(
    'reads the body where the token may stand in there, or log in: %s at %s',
    async (provider, path, headers, status) => {
      expect(await send(provider, path, headers)).toEqual({ isRead: true, status })
    },
  )
})
