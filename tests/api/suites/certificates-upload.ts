import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintChain, type TestChain } from '../harness/certificates.ts'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'
import { makeToken } from '../harness/tokens.ts'

const PEM_TYPE = 'application/x-pem-file'

/** A server's certificate on its way to an On-Premises deployment, which one that is wrong would keep from starting. */
export function certificatesUploadSuite(open: OpenApi): void {
  describe('an upload of a server certificate', () => {
    let api: ApiHarness
    let certificates: Certificates
    let chain: TestChain

    beforeAll(async () => {
      chain = await mintChain()
    })
    beforeEach(async () => {
      api = await open()
      certificates = await openCertificates(api, 'onprem')
    })
    afterEach(() => api.close())

    const sentFiles = async () => {
      const { requests } = await api.sandbox.requests({ method: 'POST' })
      return requests.filter(({ path }) => path !== '/v1/users/login').map(({ text }) => text)
    }
    const requestedBy = async (id: string) =>
      (await eventsOf(api, id)).find(({ type }) => type === 'certificate.requested')?.data

    test('is put in order, and says that it waits for a restart', async () => {
      const source = { type: 'upload', pem: chain.authority + chain.leaf, privateKey: chain.key }
      const sent = await call(api, 'POST', certificates.path, {
        json: { purpose: 'server', name: 'web.pem', source },
      })
      expect(sent.status, sent.text).toBe(201)
      expect(sent.json).toMatchObject({
        connectionId: certificates.connectionId,
        provider: 'onprem',
        purpose: 'server',
        name: 'web.pem',
        status: 'installed',
        subject: 'CN=pbx.example.com',
        issuer: 'CN=Test Authority',
        subjectAlternativeNames: ['pbx.example.com', '127.0.0.1'],
        fingerprint: chain.fingerprint,
        daysLeft: 89,
        autoRenewal: null,
        source: 'upload',
      })
      expect(sent.json).not.toHaveProperty('problem')
      expect(sent.headers.get('location')).toBe(`${certificates.path}/${shownIn(sent).id}`)
      expect(codesOf(sent)).toEqual(expect.arrayContaining(['reordered', 'restart_required']))
      expect(await sentFiles()).toEqual([chain.bundle])

      await api.sandbox.restart()
      const { details } = await api.sandbox.state('onprem')
      expect(details).toMatchObject({ webapp: 'up', problem: null, stored: { origin: 'uploaded' } })
      expect(await api.sandbox.incidents()).toEqual([])
    })

    test('is one curl --data-binary of a file', async () => {
      const at = `${certificates.path}?purpose=server&name=web.pem`
      const sent = await call(api, 'POST', at, { body: chain.bundle, type: PEM_TYPE })
      expect(sent.status, sent.text).toBe(201)
      expect(sent.json).toMatchObject({ name: 'web.pem', fingerprint: chain.fingerprint })
      expect(await sentFiles()).toEqual([chain.bundle])
    })

    test.each([
      ['Windows line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
      ['escaped line ends', (pem: string) => pem.replaceAll('\n', '\\n')],
      ['a byte order mark and blanks', (pem: string) => `\uFEFF  ${pem.replaceAll('\n', ' \n')}`],
    ])('is mended of %s, and says so', async (_, mangle) => {
      const sent = await upload(api, certificates, 'server', mangle(chain.bundle))
      expect(sent.status, sent.text).toBe(201)
      expect(codesOf(sent).length).toBeGreaterThan(1)
      expect(await sentFiles()).toEqual([chain.bundle])
    })

    test('leaves the root out, and the host that the connection calls is but told', async () => {
      const other = await mintChain({ host: 'elsewhere.example.com', addressed: false })
      const sent = await upload(api, certificates, 'server', other.bundle + other.root)
      expect(sent.status, sent.text).toBe(201)
      expect(codesOf(sent)).toEqual(expect.arrayContaining(['root_dropped', 'ip_mismatch']))
      expect(await sentFiles()).toEqual([other.bundle])
    })

    // Any of these would keep the web server from starting, and the API with it.
    test.each([
      ['has ended', 'expired', async () => (await mintChain({ days: -1 })).bundle],
      ['has no private key', 'private_key_missing', async () => chain.chain],
      [
        'has the key of another',
        'private_key_mismatch',
        async () => (await mintChain()).key + chain.chain,
      ],
      ['has no intermediate', 'intermediate_missing', async () => chain.key + chain.leaf],
      [
        'has the intermediate of another',
        'signature_invalid',
        async () => chain.key + chain.leaf + (await mintChain()).authority,
      ],
      ['is cut off', 'pem_malformed', async () => chain.bundle.slice(0, 300)],
    ])('that %s is refused with %s, and nothing is sent', async (_, code, bundle) => {
      const pem = await bundle()
      const sent = await upload(api, certificates, 'server', pem)
      await expectProblem(api, sent, 'certificate_invalid')
      expect(codesOf(sent, 'error'), sent.text).toContain(code)
      expect(await sentFiles()).toEqual([])
      const list = await call(api, 'GET', `${certificates.path}?purpose=server`)
      expect(list.json).toEqual({ data: [], nextCursor: null })
    })

    test('is forced by an admin alone, and the log says in spite of what', async () => {
      const { bundle } = await mintChain({ days: -1 })
      const scopes = ['certificates:read', 'certificates:write', 'connections:write'] as const
      const { token } = await makeToken(api, scopes)
      const more = { force: true }
      const refused = await upload(api, certificates, 'server', bundle, more, { token })
      await expectProblem(api, refused, 'forbidden')
      const pem = { body: bundle, type: PEM_TYPE, token }
      const at = `${certificates.path}?purpose=server&force=true`
      await expectProblem(api, await call(api, 'POST', at, pem), 'forbidden')
      expect(await sentFiles()).toEqual([])

      const forced = await upload(api, certificates, 'server', bundle, more)
      expect(forced.status, forced.text).toBe(201)
      expect(codesOf(forced)).toContain('expired')
      const event = await requestedBy(shownIn(forced).id)
      expect(event).toMatchObject({ forced: true, overridden: ['expired'] })

      const sound = await upload(api, certificates, 'server', chain.bundle, more)
      expect(sound.status, sound.text).toBe(201)
      const events = await eventsOf(api, shownIn(sound).id)
      const last = events.findLast(({ type }) => type === 'certificate.requested')
      expect(last?.data).not.toHaveProperty('forced')
    })

    test('forced is not sent where there is nothing whole', async () => {
      const sent = await upload(api, certificates, 'server', 'none', { force: true })
      await expectProblem(api, sent, 'certificate_invalid')
      expect(await sentFiles()).toEqual([])
    })

    test('takes the place of the one before, under the same id', async () => {
      const first = await upload(api, certificates, 'server', chain.bundle)
      const { bundle, fingerprint } = await mintChain()
      const second = await upload(api, certificates, 'server', bundle)
      expect(shownIn(second)).toMatchObject({ id: shownIn(first).id, fingerprint })
      expect(await sentFiles()).toEqual([chain.bundle, bundle])
    })

    test('is done once for its Idempotency-Key', async () => {
      const once = { headers: { 'idempotency-key': 'once' } }
      const first = await upload(api, certificates, 'server', chain.bundle, {}, once)
      const again = await upload(api, certificates, 'server', chain.bundle, {}, once)
      expect([again.status, again.text]).toEqual([first.status, first.text])
      expect(again.headers.get('location')).toBe(first.headers.get('location'))
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      const other = await upload(api, certificates, 'server', chain.bundle, { name: 'b' }, once)
      await expectProblem(api, other, 'idempotency_mismatch')
      expect(await sentFiles()).toHaveLength(1)
    })
  })
}
