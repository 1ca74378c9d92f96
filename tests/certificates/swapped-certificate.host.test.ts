import { Authority, type Certificate, fingerprintOf } from '@latchkey/http/testing'
import { SAMPLE } from '@latchkey/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Certificates, codesOf, shownIn, upload } from '../api/harness/certificate-calls.ts'
import { mintChain } from '../api/harness/certificates.ts'
import { call, make } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { eventsOf } from '../api/harness/key-calls.ts'
import { type Front, putInFront } from '../support/tls-front.ts'

let authority: Authority
let own: Certificate
beforeAll(() => {
  authority = new Authority('Own CA')
  own = authority.selfSigned('wa.example.com')
})
afterAll(() => authority.close())

let api: HostHarness
let front: Front
let certificates: Certificates
beforeEach(async () => {
  api = await openHostHarness()
  front = await putInFront(api.urls.onprem, own)
  const { username, password } = SAMPLE.onprem
  const tls = { pinnedFingerprint: fingerprintOf(own) }
  const connectionId = await make(api, '/v1/connections', {
    provider: 'onprem',
    name: 'of its own making',
    config: { baseUrl: front.baseUrl, tls },
    credentials: { username, password },
  })
  certificates = { connectionId, path: `/v1/connections/${connectionId}/certificates` }
})
afterEach(async () => {
  await front.close()
  await api.close()
})

/** Restarts the deployment: its web server then shows what was uploaded last. */
async function restart(): Promise<void> {
  const path = '/v1/certificates/external'
  const { requests } = await api.sandbox.requests({ path, method: 'POST' })
  const text = requests.at(-1)?.text ?? ''
  const at = text.indexOf('-----BEGIN CERTIFICATE-----')
  await front.close()
  await api.sandbox.restart()
  const uploaded = { key: text.slice(0, at), cert: text.slice(at) }
  front = await putInFront(api.urls.onprem, uploaded, front.port)
}

test('a host that was trusted by the certificate it made for itself is followed to the one uploaded', async () => {
  const connection = `/v1/connections/${certificates.connectionId}`
  const check = async () => (await call(api, 'POST', `${connection}/check`)).json
  const chain = await mintChain({ host: 'wa.example.com' })
  const sent = await upload(api, certificates, 'server', chain.bundle)
  expect(sent.status, sent.text).toBe(201)
  expect(codesOf(sent)).toContain('restart_required')
  const { id } = shownIn(sent)
  const verify = () => call(api, 'POST', `${certificates.path}/${id}/verify-served`)
  expect((await verify()).json).toMatchObject({
    matches: false,
    served: { subject: 'CN=wa.example.com', fingerprint: fingerprintOf(own) },
    installed: { fingerprint: chain.fingerprint },
    certificate: { status: 'installed' },
  })

  await restart()
  // To look is not to trust: no call is made before the connection says so.
  const before = front.requests()
  expect((await verify()).json).toMatchObject({
    matches: true,
    served: { fingerprint: chain.fingerprint },
    certificate: { status: 'active' },
  })
  expect(await check()).toMatchObject({
    ok: false,
    problem: {
      code: 'upstream_unavailable',
      detail: expect.stringContaining(chain.fingerprint),
    },
  })
  expect(front.requests()).toBe(before)
  const json = { config: { tls: { pinnedFingerprint: chain.fingerprint } } }
  expect((await call(api, 'PATCH', connection, { json })).status).toBe(200)
  expect(await check()).toMatchObject({ ok: true })

  const one = await call(api, 'GET', `${certificates.path}/${id}`)
  expect(shownIn(one)).toMatchObject({ status: 'active', fingerprint: chain.fingerprint })
  expect((await eventsOf(api, id)).map(({ type }) => type)).toEqual([
    'certificate.requested',
    'certificate.installed',
    'certificate.activated',
  ])
})
