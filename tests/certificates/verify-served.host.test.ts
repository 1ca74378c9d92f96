import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Certificates, shownIn, upload } from '../api/harness/certificate-calls.ts'
import { mintChain, mintTrusted, type TestChain } from '../api/harness/certificates.ts'
import { call, make } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { eventsOf } from '../api/harness/key-calls.ts'
import { expectProblem } from '../api/harness/problem.ts'
import { type Front, putInFront } from '../support/tls-front.ts'

let api: HostHarness
let front: Front
let certificates: Certificates
let served: TestChain
beforeAll(async () => {
  served = await mintChain()
})
beforeEach(async () => {
  api = await openHostHarness()
  front = await putInFront(api.urls.onprem, { key: served.key, cert: served.chain })
  const { username, password } = SAMPLE.onprem
  const connectionId = await make(api, '/v1/connections', {
    provider: 'onprem',
    name: 'served',
    config: { baseUrl: front.baseUrl, tls: { caCertificates: served.root } },
    credentials: { username, password },
  })
  certificates = { connectionId, path: `/v1/connections/${connectionId}/certificates` }
})
afterEach(async () => {
  await front.close()
  await api.close()
})

const verify = (id: string) => call(api, 'POST', `${certificates.path}/${id}/verify-served`)

test('POST …/verify-served finds the certificate in use that the host serves', async () => {
  const { id } = shownIn(await upload(api, certificates, 'server', served.bundle))
  const before = front.requests()
  const sent = await verify(id)
  expect(sent.json, sent.text).toMatchObject({
    matches: true,
    served: { subject: 'CN=pbx.example.com', fingerprint: served.fingerprint },
    installed: { fingerprint: served.fingerprint },
    certificate: { id, status: 'active' },
  })
  expect(front.requests()).toBe(before)
  expect((await verify(id)).json).toMatchObject({
    matches: true,
    certificate: { status: 'active' },
  })
  const types = (await eventsOf(api, id)).map(({ type }) => type)
  expect(types.filter((type) => type === 'certificate.activated')).toHaveLength(1)
})

test('POST …/verify-served finds out that the host has not been restarted', async () => {
  const other = await mintChain()
  const { id } = shownIn(await upload(api, certificates, 'server', other.bundle))
  const sent = await verify(id)
  expect(sent.json, sent.text).toMatchObject({
    matches: false,
    served: { fingerprint: served.fingerprint },
    installed: { fingerprint: other.fingerprint },
    certificate: { id, status: 'installed' },
  })
})

test('POST …/verify-served is for certificates that are served', async () => {
  const { pem } = await mintTrusted()
  const { id } = shownIn(await upload(api, certificates, 'webhook-ca', pem))
  await expectProblem(api, await verify(id), 'unsupported_operation')
})

test('POST …/verify-served tells that the host is gone', async () => {
  const { id } = shownIn(await upload(api, certificates, 'server', served.bundle))
  await front.close()
  const sent = await verify(id)
  front = await putInFront(api.urls.onprem, { key: served.key, cert: served.chain })
  await expectProblem(api, sent, 'upstream_unavailable')
})
