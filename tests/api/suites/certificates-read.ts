import { MINUTE } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  listed,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintChain, mintTrusted, type TestAuthority } from '../harness/certificates.ts'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'

const NOBODYS = `crt_${'0'.repeat(28)}`

/** What an On-Premises deployment says of its certificates, and what it lets be done with them. */
export function certificatesReadSuite(open: OpenApi): void {
  describe('the certificates of an On-Premises deployment', () => {
    let api: ApiHarness
    let certificates: Certificates
    let authority: TestAuthority

    beforeAll(async () => {
      authority = await mintTrusted()
    })
    beforeEach(async () => {
      api = await open()
      certificates = await openCertificates(api, 'onprem')
    })
    afterEach(() => api.close())

    const at = (id: string, below = '') => `${certificates.path}/${id}${below}`
    const only = async (purpose: string) => {
      const [found] = await listed(api, certificates, `?purpose=${purpose}`)
      if (found === undefined) throw new Error(`Cannot find certificate: none is for ${purpose}`)
      return found
    }
    const reads = async () => {
      const { requests } = await api.sandbox.requests({ method: 'GET' })
      return requests.filter(({ path }) => path.startsWith('/v1/certificates')).length
    }

    test('are those that it has, each under an id of its own that stays', async () => {
      const first = await listed(api, certificates)
      expect(first.map(({ purpose, status }) => [purpose, status])).toEqual([
        ['server-ca', 'installed'],
      ])
      await upload(api, certificates, 'webhook-ca', authority.pem)
      await api.advance(2 * MINUTE)
      const second = await listed(api, certificates)
      expect(second.map(({ purpose }) => purpose).toSorted()).toEqual(['server-ca', 'webhook-ca'])
      expect(second.map(({ id }) => id)).toContain(first[0]?.id)
    })

    test('are read anew after a minute, or when that is asked for', async () => {
      await listed(api, certificates)
      const once = await reads()
      await listed(api, certificates)
      expect(await reads()).toBe(once)
      await listed(api, certificates, '?fresh=true')
      expect(await reads()).toBe(2 * once)
      await call(api, 'GET', certificates.path, { headers: { 'cache-control': 'no-cache' } })
      expect(await reads()).toBe(3 * once)
      await api.advance(MINUTE + 1)
      await listed(api, certificates)
      expect(await reads()).toBe(4 * once)
    })

    test('are shown as they last were while the deployment does not answer, unless fresh ones are wanted', async () => {
      const before = await listed(api, certificates)
      await api.advance(2 * MINUTE)
      await api.sandbox.addFault({
        upstream: 'onprem',
        times: null,
        answer: { kind: 'vendor-error', code: 1000 },
      })
      expect(await listed(api, certificates)).toEqual(before)
      const fresh = await call(api, 'GET', `${certificates.path}?fresh=true`)
      expect(fresh.status, fresh.text).toBeGreaterThanOrEqual(500)
      await api.advance(15 * MINUTE)
      const late = await call(api, 'GET', certificates.path)
      expect(late.status, late.text).toBeGreaterThanOrEqual(500)
    })

    test('are listed page by page, by purpose', async () => {
      await upload(api, certificates, 'webhook-ca', authority.pem)
      await upload(api, certificates, 'server', (await mintChain()).bundle)
      const all = (await listed(api, certificates)).map(({ id }) => id)
      expect(all).toHaveLength(3)
      expect(all).toEqual(all.toSorted())
      const paged: string[] = []
      let cursor = ''
      for (const more of [true, true, false]) {
        const page = await call(api, 'GET', `${certificates.path}?limit=1${cursor}`)
        const [id = ''] = all.slice(paged.length)
        expect(page.json).toMatchObject({ data: [{ id }], nextCursor: more ? id : null })
        paged.push(id)
        cursor = `&cursor=${id}`
      }
      expect(await listed(api, certificates, '?purpose=webhook-ca')).toMatchObject([
        { purpose: 'webhook-ca', fingerprint: authority.fingerprint },
      ])
      expect(await listed(api, certificates, '?purpose=trusted-ca')).toEqual([])
      for (const query of ['purpose=client', 'limit=0', 'cursor=x', 'fresh=1', 'colour=red']) {
        const sent = await call(api, 'GET', `${certificates.path}?${query}`)
        await expectProblem(api, sent, 'invalid_request', [`/${query.split('=')[0]}`])
      }
    })

    test('the authority of its own certificate can be read, and not changed', async () => {
      const { id } = await only('server-ca')
      const one = await call(api, 'GET', at(id))
      expect(one.json).toMatchObject({
        id,
        purpose: 'server-ca',
        source: null,
      })
      expect(one.text).toContain('Enterprise Client - AutoGen CA')
      const pem = await call(api, 'GET', at(id, '/pem'))
      expect(pem.headers.get('content-type')).toBe('application/x-pem-file')
      expect(pem.text).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/)
      const head = await call(api, 'HEAD', at(id, '/pem'))
      expect([head.status, head.text]).toEqual([200, ''])
      await expectProblem(api, await call(api, 'DELETE', at(id)), 'unsupported_operation')
      const sent = await upload(api, certificates, 'server-ca', authority.pem)
      await expectProblem(api, sent, 'invalid_request', ['/purpose'])
    })

    test('webhook authorities are set, replaced and deleted', async () => {
      const first = await upload(api, certificates, 'webhook-ca', authority.pem)
      expect([first.status, codesOf(first)], first.text).toEqual([
        201,
        expect.arrayContaining(['restart_required']),
      ])
      const { id } = shownIn(first)
      const other = await mintTrusted('Other Root')
      const both = await upload(api, certificates, 'webhook-ca', authority.pem + other.pem)
      expect(shownIn(both)).toMatchObject({ id, fingerprint: authority.fingerprint })
      const pem = await call(api, 'GET', at(id, '/pem'))
      expect(pem.text).toBe(authority.pem + other.pem)
      const stored = async () => (await api.sandbox.state('onprem')).details.webhookCa.stored
      expect(await stored()).toBe(authority.pem + other.pem)

      const deleted = await call(api, 'DELETE', at(id))
      expect([deleted.status, deleted.text]).toEqual([204, ''])
      expect(await stored()).toBeNull()
      for (const below of ['', '/pem']) {
        await expectProblem(api, await call(api, 'GET', at(id, below)), 'not_found')
      }
      await expectProblem(api, await call(api, 'DELETE', at(id)), 'not_found')
      expect(await listed(api, certificates, '?purpose=webhook-ca&fresh=true')).toEqual([])
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual([
        'certificate.requested',
        'certificate.installed',
        'certificate.requested',
        'certificate.installed',
        'certificate.removed',
      ])
    })

    // Whoever can read webhook traffic with a key that an authority's file held by mistake.
    test('a private key among webhook authorities is refused, and goes nowhere', async () => {
      for (const pem of [authority.pem + authority.key, authority.key]) {
        const sent = await upload(api, certificates, 'webhook-ca', pem)
        await expectProblem(api, sent, 'certificate_invalid')
        expect(codesOf(sent, 'error')).toContain('private_key_forbidden')
        expect(sent.text + api.logs().join()).not.toContain(authority.key.split('\n')[1])
      }
      const { requests } = await api.sandbox.requests({ method: 'POST' })
      expect(requests.filter(({ path }) => path.includes('certificates'))).toEqual([])
      expect(await api.sandbox.incidents()).toEqual([])
    })

    test('what it cannot do is told before anything is sent', async () => {
      const server = shownIn(
        await upload(api, certificates, 'server', (await mintChain()).bundle),
      ).id
      const authorities = (await only('server-ca')).id
      await api.sandbox.clearRequests()
      const dns = { dnsProvider: 'alidns', dnsParameters: { AccessKeyId: 'a' } }
      const apply = { type: 'apply', domain: 'pbx.example.com', ...dns }
      const ca = { type: 'upload', pem: authority.pem }
      const asked: readonly (readonly [string, string, object?])[] = [
        ['DELETE', at(server)],
        ['PATCH', at(server), { autoRenewal: dns }],
        ['PATCH', at(server), { autoRenewal: null }],
        ['POST', at(server, '/activate')],
        ['POST', at(authorities, '/verify-served')],
        ['POST', certificates.path, { purpose: 'server', source: apply }],
        ['POST', certificates.path, { purpose: 'trusted-ca', source: ca }],
        ['POST', certificates.path, { purpose: 'webhook-ca', source: ca, activate: true }],
        ['POST', certificates.path, { purpose: 'webhook-ca', source: ca, autoRenewal: dns }],
      ]
      for (const [method, path, json] of asked) {
        const sent = await call(api, method, path, json === undefined ? {} : { json })
        const { detail } = await expectProblem(api, sent, 'unsupported_operation')
        expect(detail).not.toContain('undefined')
      }
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    test('of another connection, or of nobody, are not found', async () => {
      const { id } = await only('server-ca')
      const elsewhere = await openCertificates(api, 'onprem')
      for (const path of [`${elsewhere.path}/${id}`, at(NOBODYS), at('crt_x')]) {
        for (const [method, below] of [
          ['GET', ''],
          ['GET', '/pem'],
          ['DELETE', ''],
          ['POST', '/activate'],
          ['POST', '/verify-served'],
        ] as const) {
          await expectProblem(api, await call(api, method, path + below), 'not_found')
        }
        const json = { autoRenewal: null }
        await expectProblem(api, await call(api, 'PATCH', path, { json }), 'not_found')
      }
    })

    test('of a provider without any there are none, nor of no connection', async () => {
      const graph = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const path = `/v1/connections/${graph}/certificates`
      await expectProblem(api, await call(api, 'GET', path), 'unsupported_operation')
      const sent = await upload(api, { connectionId: graph, path }, 'trusted-ca', authority.pem)
      await expectProblem(api, sent, 'unsupported_operation')
      const nowhere = '/v1/connections/con_0000000000000000/certificates'
      await expectProblem(api, await call(api, 'GET', nowhere), 'not_found')
    })
  })
}
