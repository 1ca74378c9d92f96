import { HOUR, MINUTE, SECOND } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  listed,
  namedIn,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../harness/certificates.ts'
import { call, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'

const WEBHOOK_CA = '/v1/certificates/webhooks/ca'
const SERVER = '/v1/certificates/external'

/** Nobody knows whether a write arrived: it is found out, and what was asked for is done once. */
export function certificatesDoubtSuite(open: OpenApi): void {
  describe('a certificate whose upload was not answered', () => {
    let api: ApiHarness
    let certificates: Certificates
    let authority: TestAuthority
    let chain: TestChain

    beforeAll(async () => {
      authority = await mintTrusted()
      chain = await mintChain()
    })
    beforeEach(async () => {
      api = await open()
      certificates = await openCertificates(api, 'onprem')
    })
    afterEach(() => api.close())

    const loseAnswers = (method: string, path: string, apply: 'now' | 'never') =>
      api.sandbox.addFault({
        upstream: 'onprem',
        method,
        path,
        times: null,
        apply,
        answer: { kind: 'reset' },
      })
    const writes = async (path: string) =>
      (await api.sandbox.requests({ method: 'POST', path })).requests.map(({ text }) => text)
    const webhookCa = async () => (await api.sandbox.state('onprem')).details.webhookCa.stored
    const named = (sent: Sent) => `${certificates.path}/${namedIn(sent)}`
    const typesOf = async (path: string) =>
      (await eventsOf(api, path.split('/').at(-1) ?? '')).map(({ type }) => type)

    test('is named by the problem, pending, and found after 30 seconds where it had arrived', async () => {
      await loseAnswers('POST', WEBHOOK_CA, 'now')
      const sent = await upload(api, certificates, 'webhook-ca', authority.pem)
      await expectProblem(api, sent, 'upstream_unavailable')
      const path = named(sent)
      await api.sandbox.clearFaults()
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({ status: 'pending' })
      await api.advance(29 * SECOND)
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({ status: 'pending' })
      await api.advance(2 * SECOND)
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({
        status: 'installed',
        fingerprint: authority.fingerprint,
      })
      await api.advance(HOUR)
      expect(await writes(WEBHOOK_CA)).toEqual([authority.pem])
      expect(await typesOf(path)).toEqual(['certificate.requested', 'certificate.installed'])
    })

    test('is sent once more where it had not, when the first can no longer arrive', async () => {
      await loseAnswers('POST', WEBHOOK_CA, 'never')
      const sent = await upload(api, certificates, 'webhook-ca', authority.pem)
      const path = named(sent)
      await api.sandbox.clearFaults()
      await api.advance(30 * SECOND)
      expect(await writes(WEBHOOK_CA)).toHaveLength(1)
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({ status: 'pending' })
      await api.advance(5 * MINUTE)
      expect(await webhookCa()).toBe(authority.pem)
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({ status: 'installed' })
      await api.advance(HOUR)
      expect(await writes(WEBHOOK_CA)).toEqual([authority.pem, authority.pem])
    })

    test('is sent once more where the deployment cannot be asked', async () => {
      await loseAnswers('POST', SERVER, 'now')
      const sent = await upload(api, certificates, 'server', chain.bundle)
      await expectProblem(api, sent, 'upstream_unavailable')
      const path = named(sent)
      await api.sandbox.clearFaults()
      await api.advance(MINUTE)
      expect(await writes(SERVER)).toHaveLength(1)
      await api.advance(5 * MINUTE)
      expect(await writes(SERVER)).toEqual([chain.bundle, chain.bundle])
      expect(shownIn(await call(api, 'GET', path))).toMatchObject({
        status: 'installed',
        fingerprint: chain.fingerprint,
      })
    })

    // The first write comes back from a queue on the way, and puts the old certificate over the new one.
    test('is not let undo the one that took its place', async () => {
      await loseAnswers('POST', SERVER, 'never')
      const first = named(await upload(api, certificates, 'server', chain.bundle))
      await api.sandbox.clearFaults()
      const { bundle, fingerprint } = await mintChain()
      const second = await upload(api, certificates, 'server', bundle)
      expect(second.status, second.text).toBe(202)
      expect(second.headers.get('location')).toBe(first)
      expect(shownIn(second)).toMatchObject({ status: 'installed', fingerprint })
      await api.advance(5 * MINUTE)
      expect(await writes(SERVER)).toEqual([chain.bundle, bundle, bundle])
      expect(shownIn(await call(api, 'GET', first))).toMatchObject({ status: 'installed' })
      await api.advance(HOUR)
      expect(await writes(SERVER)).toHaveLength(3)
    })

    test('is given up after an hour of refusals, and told to have failed', async () => {
      await loseAnswers('POST', WEBHOOK_CA, 'never')
      const path = named(await upload(api, certificates, 'webhook-ca', authority.pem))
      for (let quarter = 0; quarter < 8; quarter += 1) await api.advance(15 * MINUTE)
      const { json } = await call(api, 'GET', path)
      expect(json).toMatchObject({ status: 'failed' })
      expect(json).toHaveProperty('problem')
      expect((await writes(WEBHOOK_CA)).length).toBeLessThanOrEqual(3)
      expect(await typesOf(path)).toEqual(['certificate.requested', 'certificate.failed'])
      await api.sandbox.clearFaults()
      const again = await upload(api, certificates, 'webhook-ca', authority.pem)
      expect([again.status, `${certificates.path}/${shownIn(again).id}`]).toEqual([201, path])
      expect(again.json).not.toHaveProperty('problem')
    })

    test('is repeated with its Idempotency-Key without a second certificate', async () => {
      await loseAnswers('POST', WEBHOOK_CA, 'now')
      const once = { headers: { 'idempotency-key': 'once' } }
      const first = await upload(api, certificates, 'webhook-ca', authority.pem, {}, once)
      await expectProblem(api, first, 'upstream_unavailable')
      await api.sandbox.clearFaults()
      const again = await upload(api, certificates, 'webhook-ca', authority.pem, {}, once)
      expect(again.status, again.text).toBeLessThan(300)
      expect(again.headers.get('location')).toBe(named(first))
      await api.advance(HOUR)
      expect(await listed(api, certificates, '?purpose=webhook-ca&fresh=true')).toMatchObject([
        { status: 'installed', fingerprint: authority.fingerprint },
      ])
    })

    test('that is refused is known at once: nothing is there, and nothing is sent again', async () => {
      await api.sandbox.addFault({
        upstream: 'onprem',
        method: 'POST',
        path: WEBHOOK_CA,
        answer: { kind: 'vendor-error', code: 1009 },
      })
      const sent = await upload(api, certificates, 'webhook-ca', authority.pem)
      await expectProblem(api, sent, 'upstream_rejected')
      expect(sent.json).toMatchObject({ upstream: { provider: 'onprem', code: '1009' } })
      expect(sent.text).not.toContain('crt_')
      expect(await listed(api, certificates, '?purpose=webhook-ca')).toEqual([])
      await api.advance(HOUR)
      expect(await writes(WEBHOOK_CA)).toHaveLength(1)
    })

    test('whose deletion is not answered is looked for, and gone if it is', async () => {
      const kept = async (apply: 'now' | 'never') => {
        const { id } = shownIn(await upload(api, certificates, 'webhook-ca', authority.pem))
        await loseAnswers('DELETE', WEBHOOK_CA, apply)
        const sent = await call(api, 'DELETE', `${certificates.path}/${id}`)
        await api.sandbox.clearFaults()
        return { sent, after: await call(api, 'GET', `${certificates.path}/${id}`) }
      }
      const gone = await kept('now')
      expect(gone.sent.status, gone.sent.text).toBe(204)
      await expectProblem(api, gone.after, 'not_found')
      const there = await kept('never')
      await expectProblem(api, there.sent, 'upstream_unavailable')
      expect(shownIn(there.after)).toMatchObject({ status: 'installed' })
      expect(codesOf(there.after)).toEqual([])
    })
  })
}
