import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  openCertificates,
  shownIn,
  upload,
} from '../api/harness/certificate-calls.ts'
import { mintChain } from '../api/harness/certificates.ts'
import { call } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { eventsOf } from '../api/harness/key-calls.ts'
import { expectProblem } from '../api/harness/problem.ts'
import { makeToken } from '../api/harness/tokens.ts'

let api: HostHarness
let certificates: Certificates
beforeEach(async () => {
  api = await openHostHarness()
  certificates = await openCertificates(api, 'onprem')
})
afterEach(() => api.close())

const details = async () => (await api.sandbox.state('onprem')).details
const check = async () =>
  (await call(api, 'POST', `/v1/connections/${certificates.connectionId}/check`)).json

// What the pre-flight is there for: the deployment takes a bundle that it will not start with.
test('a bad bundle that is forced keeps the deployment down, is recorded, and is mended as the page on it says', async () => {
  const ended = await mintChain({ days: -1 })
  await expectProblem(
    api,
    await upload(api, certificates, 'server', ended.bundle),
    'certificate_invalid',
  )
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'up', stored: { origin: 'generated' } })

  const forced = await upload(api, certificates, 'server', ended.bundle, { force: true })
  expect(forced.status, forced.text).toBe(201)
  expect(codesOf(forced)).toEqual(expect.arrayContaining(['expired', 'restart_required']))
  expect(await details()).toMatchObject({ webapp: 'up' })
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'down', problem: 'outside-validity' })
  expect(await check()).toMatchObject({ ok: false, problem: { code: 'upstream_unavailable' } })
  const { id } = shownIn(forced)
  const [requested] = await eventsOf(api, id)
  expect(requested).toMatchObject({
    type: 'certificate.requested',
    data: { forced: true, overridden: ['expired'], fingerprint: ended.fingerprint },
  })
  expect((await call(api, 'GET', '/v1/events/verify')).json).toMatchObject({ valid: true })

  // Nothing that goes over the API helps any more.
  const sound = await mintChain()
  const late = await upload(api, certificates, 'server', sound.bundle)
  await expectProblem(api, late, 'upstream_unavailable')
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'down' })

  await api.sandbox.dropCertsTable()
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'up', served: { origin: 'generated' } })
  expect(await check()).toMatchObject({ ok: true })
  const again = await upload(api, certificates, 'server', sound.bundle)
  expect(again.status, again.text).toBeLessThan(300)
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'up' })
  expect((await details()).served?.fingerprints[0]).toBe(sound.fingerprint)
})

test('a bad bundle is forced by nobody but an admin, in either form of an upload', async () => {
  const { bundle } = await mintChain({ days: -1 })
  const { token } = await makeToken(api, ['certificates:write', 'certificates:read'])
  const pem = { body: bundle, type: 'application/x-pem-file', token }
  for (const sent of [
    await upload(api, certificates, 'server', bundle, { force: true }, { token }),
    await call(api, 'POST', `${certificates.path}?purpose=server&force=true`, pem),
  ]) {
    await expectProblem(api, sent, 'forbidden')
  }
  expect((await api.sandbox.requests({ upstream: 'onprem' })).requests).toEqual([])
})

test('a bad bundle that is forced as a file keeps the deployment down all the same', async () => {
  const { bundle } = await mintChain({ days: -1 })
  const pem = { body: bundle, type: 'application/x-pem-file' }
  const sent = await call(api, 'POST', `${certificates.path}?purpose=server&force=true`, pem)
  expect(sent.status, sent.text).toBe(201)
  await api.sandbox.restart()
  expect(await details()).toMatchObject({ webapp: 'down', problem: 'outside-validity' })
})
