import { type FaultCode, HOUR, MINUTE, SECOND } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  listed,
  namedIn,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintTrusted, type TestAuthority } from '../harness/certificates.ts'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'

const BASE = '/openapi/v1.0'
const CREATE = `${BASE}/certificate/create`

/** The PBX's own codes for a create that it did not make, and what they come to. */
const REFUSALS: readonly (readonly [errcode: number, code: FaultCode])[] = [
  [-1, 'upstream_rejected'],
  [10001, 'upstream_rejected'],
  [10002, 'upstream_rejected'],
  [10005, 'upstream_unauthorized'],
  [40001, 'upstream_rejected'],
  [40002, 'upstream_rejected'],
  [40003, 'upstream_rejected'],
  [40004, 'upstream_rejected'],
  [60002, 'upstream_rejected'],
  [70004, 'upstream_unauthorized'],
  [70084, 'upstream_rejected'],
  [70087, 'upstream_unauthorized'],
  [70120, 'upstream_rejected'],
]

/** A PBX that refuses, loses its answers, or ends its sessions. */
export function certificatesPbxFaultsSuite(open: OpenApi): void {
  describe('a PBX', () => {
    let api: ApiHarness
    let certificates: Certificates
    let authority: TestAuthority

    beforeAll(async () => {
      authority = await mintTrusted()
    })
    beforeEach(async () => {
      api = await open()
      certificates = await openCertificates(api, 'pbx')
    })
    afterEach(() => api.close())

    const add = () => upload(api, certificates, 'trusted-ca', authority.pem)
    const count = async (path: string) =>
      (await api.sandbox.requests({ upstream: 'pbx', path })).requests.length
    const held = async () => (await api.sandbox.state('pbx')).details.certificates
    const vendorError = (path: string, code: number, times: number | null) =>
      api.sandbox.addFault({
        upstream: 'pbx',
        path,
        times,
        answer: { kind: 'vendor-error', code },
      })
    const read = async (id: string) => shownIn(await call(api, 'GET', `${certificates.path}/${id}`))

    test.each(REFUSALS)(
      'that refuses with %i is told as %s, and not asked again',
      async (errcode, code) => {
        await vendorError(CREATE, errcode, null)
        const sent = await add()
        await expectProblem(api, sent, code)
        expect(sent.json).toMatchObject({ upstream: { provider: 'pbx', code: String(errcode) } })
        await api.sandbox.clearFaults()
        expect(await listed(api, certificates)).toEqual([])
        await api.advance(HOUR)
        expect([await count(CREATE), await held()]).toEqual([1, []])
      },
    )

    test('that is busy is asked again a little later, and then left alone', async () => {
      await vendorError(CREATE, 70082, 1)
      const sent = await add()
      expect(sent.status, sent.text).toBe(201)
      await vendorError(CREATE, 70082, null)
      const { retryable } = await expectProblem(api, await add(), 'upstream_unavailable')
      expect(retryable).toBe(true)
      const before = await count(CREATE)
      await api.advance(HOUR)
      expect([await count(CREATE), (await held()).length]).toEqual([before, 1])
    })

    test('that had an internal error is asked what became of it', async () => {
      await vendorError(CREATE, -2, 1)
      const sent = await add()
      await expectProblem(api, sent, 'upstream_unavailable')
      expect(await read(namedIn(sent))).toMatchObject({ status: 'pending' })
      await api.advance(30 * SECOND)
      expect(await count(CREATE)).toBe(1)
      await api.advance(5 * MINUTE)
      expect(await read(namedIn(sent))).toMatchObject({ status: 'installed' })
      expect([await count(CREATE), (await held()).length]).toEqual([2, 1])
    })

    test.each(['now', 'never'] as const)(
      'whose answer to a create is lost gets one certificate of it: handled %s',
      async (apply) => {
        await api.sandbox.addFault({
          upstream: 'pbx',
          path: CREATE,
          times: null,
          apply,
          answer: { kind: 'reset' },
        })
        const sent = await add()
        await expectProblem(api, sent, 'upstream_unavailable')
        await api.sandbox.clearFaults()
        const id = namedIn(sent)
        await api.advance(31 * SECOND)
        expect((await read(id)).status).toBe(apply === 'now' ? 'installed' : 'pending')
        for (let tries = 0; tries < 4; tries += 1) await api.advance(5 * MINUTE)
        expect(await read(id)).toMatchObject({
          status: 'installed',
          fingerprint: authority.fingerprint,
        })
        expect(await held()).toHaveLength(1)
        expect(await listed(api, certificates, '?fresh=true')).toHaveLength(1)
        const types = (await eventsOf(api, id)).map(({ type }) => type)
        expect(types).toEqual(['certificate.requested', 'certificate.installed'])
      },
    )

    test('whose answer to a delete is lost is asked, and not sent the delete twice', async () => {
      const path = `${BASE}/certificate/delete`
      const first = shownIn(await add())
      await api.sandbox.addFault({
        upstream: 'pbx',
        path,
        times: null,
        apply: 'now',
        answer: { kind: 'reset' },
      })
      const gone = await call(api, 'DELETE', `${certificates.path}/${first.id}`)
      expect(gone.status, gone.text).toBe(204)
      await api.sandbox.clearFaults()
      expect([await count(path), await held()]).toEqual([1, []])

      const second = shownIn(await add())
      await api.sandbox.addFault({
        upstream: 'pbx',
        path,
        times: null,
        apply: 'never',
        answer: { kind: 'reset' },
      })
      const kept = await call(api, 'DELETE', `${certificates.path}/${second.id}`)
      await expectProblem(api, kept, 'upstream_unavailable')
      await api.sandbox.clearFaults()
      expect(await read(second.id)).toMatchObject({ status: 'installed' })
      await api.advance(HOUR)
      expect([await count(path), (await held()).length]).toEqual([2, 1])
    })

    test('that ended the session is logged in to again, once', async () => {
      await listed(api, certificates)
      await api.sandbox.expireTokens('pbx')
      const sent = await add()
      expect(sent.status, sent.text).toBe(201)
      expect(
        (await count(`${BASE}/get_token`)) + (await count(`${BASE}/refresh_token`)),
      ).toBeLessThan(4)
      expect((await api.sandbox.state('pbx')).details.liveTokens).toBeLessThan(3)
    })

    test('that ends every session at once is not logged in to for ever', async () => {
      await vendorError(`${BASE}/certificate/**`, 10004, null)
      const sent = await call(api, 'GET', certificates.path)
      await expectProblem(api, sent, 'upstream_unauthorized')
      expect(
        (await count(`${BASE}/get_token`)) + (await count(`${BASE}/refresh_token`)),
      ).toBeLessThan(4)
    })

    // Five failed logins block the address, and with it everybody behind it, until somebody unblocks it by hand.
    test('that refuses the credentials is not asked until it blocks us', async () => {
      const draft = connectionTo(api, 'pbx')
      const credentials = { clientId: 'sandbox-pbx-client-id', clientSecret: 'a-wrong-secret' }
      const id = await make(api, '/v1/connections', { ...draft, credentials })
      const path = `/v1/connections/${id}/certificates`
      for (let tries = 0; tries < 6; tries += 1) {
        const sent = await call(api, 'GET', path)
        await expectProblem(api, sent, 'upstream_unauthorized')
        expect(sent.text).not.toContain('a-wrong-secret')
        await api.advance(MINUTE)
      }
      expect(await count(`${BASE}/get_token`)).toBe(1)
      expect((await api.sandbox.state('pbx')).details.blocked).toBe(false)
    })

    test('that has blocked us says what to do about it', async () => {
      await vendorError(`${BASE}/get_token`, 70004, null)
      const sent = await call(api, 'GET', certificates.path)
      const { detail } = await expectProblem(api, sent, 'upstream_unauthorized')
      expect(detail).toContain('Blocked IPs')
      await call(api, 'GET', certificates.path)
      expect(await count(`${BASE}/get_token`)).toBe(1)
    })

    test('is never sent a token where it is logged', async () => {
      await add()
      const { requests } = await api.sandbox.requests({ upstream: 'pbx' })
      const tokens = requests.flatMap(({ query }) => query['access_token'] ?? [])
      expect(tokens.length).toBeGreaterThan(0)
      for (const token of tokens) expect(api.logs().join('\n')).not.toContain(token)
    })
  })
}
