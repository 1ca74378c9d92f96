import { DAY, MINUTE, SECOND } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  listed,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintChain, type TestChain } from '../harness/certificates.ts'
import { call, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'

const DOMAIN = 'pbx.example.com'
const SECRETS = ['canary-dns-access-key-id', 'canary-dns-access-key-secret'] as const
const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: SECRETS[0], AccessKeySecret: SECRETS[1], TTL: 600 },
}

/** Certificates that the PBX obtains and renews by itself, with access to somebody's DNS. */
export function certificatesApplySuite(open: OpenApi): void {
  describe('a certificate that the PBX obtains', () => {
    let api: ApiHarness
    let certificates: Certificates
    let chain: TestChain
    const told: string[] = []

    beforeAll(async () => {
      chain = await mintChain()
    })
    beforeEach(async () => {
      const opened = await open()
      told.length = 0
      api = {
        ...opened,
        async request(path, init) {
          const answer = await opened.request(path, init)
          told.push(await answer.clone().text())
          return answer
        },
      }
      certificates = await openCertificates(api, 'pbx')
    })
    // Whoever reads certificates, or the log, is not to learn how somebody's DNS is reached.
    afterEach(async () => {
      await call(api, 'GET', '/v1/events?limit=200')
      const shown = [...told, ...api.logs()].join('\n')
      for (const secret of SECRETS) expect(shown).not.toContain(secret)
      await api.close()
    })

    const apply = (source: object = {}, more: object = {}): Promise<Sent> =>
      call(api, 'POST', certificates.path, {
        json: {
          purpose: 'server',
          source: { type: 'apply', domain: DOMAIN, ...DNS, ...source },
          ...more,
        },
      })
    const read = (id: string) => call(api, 'GET', `${certificates.path}/${id}`)
    /** Time goes by, here and there. */
    const pass = async (ms: number) => {
      await api.sandbox.advanceClock(ms)
      await api.advance(ms)
    }
    const heldThere = async () => (await api.sandbox.state('pbx')).details.certificates

    test('is pending until it is there, and says so to whoever asks', async () => {
      const sent = await apply()
      expect([sent.status, codesOf(sent)], sent.text).toEqual([202, []])
      const { id } = shownIn(sent)
      expect(sent.headers.get('location')).toBe(`${certificates.path}/${id}`)
      expect(sent.json).toMatchObject({
        status: 'pending',
        issuedTo: DOMAIN,
        subject: null,
        notAfter: null,
        daysLeft: null,
        fingerprint: null,
      })
      expect((await read(id)).json).toMatchObject({ status: 'pending', source: 'apply' })
      await api.sandbox.advanceClock(MINUTE)
      await api.advance(3 * SECOND)
      const { json } = await read(id)
      expect(json).toMatchObject({
        status: 'installed',
        source: 'apply',
        issuedTo: DOMAIN,
        name: `${DOMAIN}.pem`,
        subject: null,
        autoRenewal: { enabled: true, dnsProvider: 'alidns' },
      })
      expect(json).not.toMatchObject({ daysLeft: null })
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual(['certificate.requested', 'certificate.installed'])
    })

    test('is asked after at most every two seconds, however many want to know', async () => {
      const { id } = shownIn(await apply())
      await api.advance(3 * SECOND)
      await api.sandbox.clearRequests()
      for (let count = 0; count < 5; count += 1) await read(id)
      const { requests } = await api.sandbox.requests({ upstream: 'pbx' })
      expect(requests.length).toBeLessThanOrEqual(1)
    })

    test('arrives also where nobody asks, and is put in use where that was wanted', async () => {
      const { id } = shownIn(await apply({}, { activate: true }))
      for (let minute = 0; minute < 3; minute += 1) await pass(MINUTE)
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual([
        'certificate.requested',
        'certificate.installed',
        'certificate.activated',
      ])
      expect(shownIn(await read(id))).toMatchObject({ status: 'active' })
      const { httpsCertificate } = (await api.sandbox.state('pbx')).details
      expect(httpsCertificate).toBe(`${DOMAIN}.pem`)
    })

    test('fails with what the DNS provider said, can be deleted, and tried again', async () => {
      await api.sandbox.setKnobs('pbx', { issuance: 'fails', applyTipCode: 17 })
      const { id } = shownIn(await apply())
      for (let minute = 0; minute < 3; minute += 1) await pass(MINUTE)
      const failed = await read(id)
      expect(failed.json).toMatchObject({ status: 'failed' })
      expect(failed.json).toHaveProperty('problem')
      expect(failed.text).toContain('17')
      const log = await eventsOf(api, id)
      expect(log.at(-1)).toMatchObject({ type: 'certificate.failed' })

      await api.sandbox.setKnobs('pbx', { issuance: 'succeeds', issuanceMs: 0 })
      const gone = await call(api, 'DELETE', `${certificates.path}/${id}`)
      expect(gone.status, gone.text).toBe(204)
      const again = await apply()
      expect(again.status, again.text).toBeLessThan(300)
      for (let minute = 0; minute < 2; minute += 1) await pass(MINUTE)
      expect(shownIn(await read(shownIn(again).id))).toMatchObject({ status: 'installed' })
    })

    test('is waited for no longer than a day', async () => {
      await api.sandbox.setKnobs('pbx', { issuanceMs: DAY })
      const { id } = shownIn(await apply())
      for (let hours = 0; hours < 5; hours += 1) await api.advance(DAY / 4)
      const failed = (await eventsOf(api, id)).find(({ type }) => type === 'certificate.failed')
      expect(failed?.data).toMatchObject({ problem: 'The upstream did not finish within a day' })
      // What the PBX says counts still, should it say so later.
      await pass(DAY)
      expect(shownIn(await read(id))).toMatchObject({ status: 'installed' })
    })

    test('is asked after too where somebody else applied for it', async () => {
      const elsewhere = await openCertificates(api, 'pbx')
      const source = { type: 'apply', domain: DOMAIN, ...DNS }
      await call(api, 'POST', elsewhere.path, { json: { purpose: 'server', source } })
      const [found] = await listed(api, certificates)
      expect(found).toMatchObject({ status: 'pending' })
      await api.sandbox.advanceClock(MINUTE)
      expect(shownIn(await read(found?.id ?? ''))).toMatchObject({ status: 'pending' })
      await api.advance(3 * SECOND)
      expect(shownIn(await read(found?.id ?? ''))).toMatchObject({ status: 'installed' })
    })

    test('is one of a domain', async () => {
      await apply()
      await expectProblem(api, await apply(), 'conflict')
      expect(await heldThere()).toHaveLength(1)
    })

    test('carries each parameter in the field of its type', async () => {
      const dnsParameters = { Text: 'a', Whole: 5, Yes: true }
      const sent = await apply({ dnsProvider: 'cloudflare', dnsParameters })
      expect(sent.status, sent.text).toBe(202)
      // A provider that is not in the public part of the vendor's table.
      expect(codesOf(sent)).toHaveLength(1)
      const [held] = await heldThere()
      expect(held).toMatchObject({
        issue_to: DOMAIN,
        dns_provider: 'cloudflare',
        auth_info_list: [
          { k: 'Text', sv: 'a' },
          { k: 'Whole', iv: 5 },
          { k: 'Yes', bv: true },
        ],
      })
    })

    test('is not asked for where its DNS provider is known to want something else', async () => {
      const { AccessKeyId, ...half } = DNS.dnsParameters
      const wrong: readonly (readonly [object, readonly string[]])[] = [
        [half, ['AccessKeyId']],
        [{ AccessKeyId }, ['AccessKeySecret']],
        [{ ...DNS.dnsParameters, TTL: '600' }, ['TTL']],
        [{ ...DNS.dnsParameters, AccessKeyId: 5 }, ['AccessKeyId']],
      ]
      const installed = shownIn(await upload(api, certificates, 'server', chain.bundle))
      await api.sandbox.clearRequests()
      for (const [dnsParameters, names] of wrong) {
        const below = (base: string) => names.map((name) => `${base}/dnsParameters/${name}`)
        await expectProblem(
          api,
          await apply({ dnsParameters }),
          'invalid_request',
          below('/source'),
        )
        const autoRenewal = { ...DNS, dnsParameters }
        const uploaded = await upload(api, certificates, 'server', chain.bundle, { autoRenewal })
        await expectProblem(api, uploaded, 'invalid_request', below('/autoRenewal'))
        const path = `${certificates.path}/${installed.id}`
        const patched = await call(api, 'PATCH', path, { json: { autoRenewal } })
        await expectProblem(api, patched, 'invalid_request', below('/autoRenewal'))
      }
      expect((await api.sandbox.requests({ upstream: 'pbx' })).requests).toEqual([])
    })

    test('may be one that was uploaded and is renewed from then on, until that is turned off', async () => {
      const sent = await upload(api, certificates, 'server', chain.bundle, { autoRenewal: DNS })
      expect(sent.json, sent.text).toMatchObject({
        status: 'installed',
        autoRenewal: { enabled: true, dnsProvider: 'alidns' },
      })
      const path = `${certificates.path}/${shownIn(sent).id}`
      const patch = (autoRenewal: unknown) => call(api, 'PATCH', path, { json: { autoRenewal } })
      const off = await patch(null)
      expect(off.json, off.text).toMatchObject({ autoRenewal: { enabled: false }, warnings: [] })
      expect(await heldThere()).toMatchObject([{ auto_renewal: 0 }])
      const on = await patch(DNS)
      expect(on.json, on.text).toMatchObject({
        autoRenewal: { enabled: true, dnsProvider: 'alidns' },
      })
      expect(await heldThere()).toMatchObject([{ auto_renewal: 1, dns_provider: 'alidns' }])
      expect(await listed(api, certificates, '?fresh=true')).toMatchObject([
        { status: 'installed', fingerprint: chain.fingerprint },
      ])
      const types = (await eventsOf(api, shownIn(sent).id)).map(({ type }) => type)
      expect(types.filter((type) => type === 'certificate.updated')).toHaveLength(2)
    })
  })
}
