import { Authority, type Certificate, fingerprintOf } from '@latchkey/http/testing'
import { SAMPLE } from '@latchkey/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { call, make, type Sent } from '../api/harness/client.ts'
import { freshKey } from '../api/harness/keys.ts'
import { type Front, putInFront } from '../support/tls-front.ts'

const pinned = (certificate: Certificate) => ({ pinnedFingerprint: fingerprintOf(certificate) })

let authority: Authority
let leaf: Certificate
beforeAll(() => {
  authority = new Authority('Own CA')
  leaf = authority.leaf('wa', { altNames: 'IP:127.0.0.1' })
})
afterAll(() => authority.close())

describe('a deployment with a certificate of its own making', () => {
  let api: HostHarness
  let front: Front
  beforeEach(async () => {
    api = await openHostHarness()
    front = await putInFront(api.urls.onprem, leaf)
  })
  afterEach(async () => {
    await front.close()
    await api.close()
  })

  const connect = (tls?: unknown): Promise<string> => {
    const { username, password } = SAMPLE.onprem
    const config = { baseUrl: front.baseUrl, ...(tls === undefined ? {} : { tls }) }
    const draft = { provider: 'onprem', name: 'own', config, credentials: { username, password } }
    return make(api, '/v1/connections', draft)
  }
  const trust = (id: string, tls: unknown): Promise<Sent> =>
    call(api, 'PATCH', `/v1/connections/${id}`, { json: { config: { tls } } })
  const check = async (id: string): Promise<unknown> =>
    (await call(api, 'POST', `/v1/connections/${id}/check`)).json

  test.each([
    ['its pin', () => pinned(leaf)],
    ['its authority', () => ({ caCertificates: authority.certificate.cert })],
  ])('takes a key and gives it back under %s', async (_what, tls) => {
    const connectionId = await connect(tls())
    const upstreamId = SAMPLE.onprem.phoneNumber
    const numberId = await make(api, '/v1/numbers', { connectionId, upstreamId })
    const { pem } = await freshKey()
    const path = `/v1/numbers/${numberId}/encryption-key`
    const published = await call(api, 'PUT', path, { json: { publicKey: pem } })
    expect(published.json, published.text).toMatchObject({ signatureStatus: 'valid', inSync: true })
  })

  test('hears of nothing before it is trusted, not of the credentials either', async () => {
    const connectionId = await connect()
    expect(await check(connectionId)).toMatchObject({
      ok: false,
      problem: {
        code: 'upstream_unavailable',
        detail: expect.stringContaining('tls in its connection’s config'),
        retryable: false,
      },
    })
    await trust(connectionId, pinned(authority.certificate))
    expect(await check(connectionId)).toMatchObject({
      ok: false,
      problem: { detail: expect.stringContaining(fingerprintOf(leaf)) },
    })
    expect(front.requests()).toBe(0)
  })

  // Who withdraws a trust means now, and not when the open connections have run out.
  test('is trusted no longer from the moment that the trust is changed', async () => {
    const connectionId = await connect(pinned(leaf))
    expect(await check(connectionId)).toMatchObject({ ok: true })
    const before = front.requests()
    for (const tls of [pinned(authority.certificate), null]) {
      expect((await trust(connectionId, tls)).status).toBe(200)
      expect(await check(connectionId)).toMatchObject({ ok: false })
    }
    expect(front.requests()).toBe(before)
    await trust(connectionId, { caCertificates: authority.certificate.cert })
    expect(await check(connectionId)).toMatchObject({ ok: true })
  })
})
