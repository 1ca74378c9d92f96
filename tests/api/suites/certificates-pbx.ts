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
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../harness/certificates.ts'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectProblem } from '../harness/problem.ts'

const SERVERS_MAX = 3
const TRUSTED_MAX = 20

/** The certificates of a PBX: several of each purpose, known there by a number and a name. */
export function certificatesPbxSuite(open: OpenApi): void {
  describe('the certificates of a PBX', () => {
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
      certificates = await openCertificates(api, 'pbx')
    })
    afterEach(() => api.close())

    const at = (id: string, below = '') => `${certificates.path}/${id}${below}`
    const pbx = async () => (await api.sandbox.state('pbx')).details
    const writes = async () => {
      const { requests } = await api.sandbox.requests({ upstream: 'pbx', method: 'POST' })
      return requests
        .map(({ path }) => path.replace('/openapi/v1.0/', ''))
        .filter((path) => path !== 'get_token')
    }

    test('take an authority, under a name that tells whose it is', async () => {
      const sent = await upload(api, certificates, 'trusted-ca', authority.pem)
      expect([sent.status, codesOf(sent)], sent.text).toEqual([201, []])
      expect(sent.json).toMatchObject({
        provider: 'pbx',
        purpose: 'trusted-ca',
        status: 'installed',
        subject: 'CN=Company Root',
        subjectAlternativeNames: [],
        fingerprint: authority.fingerprint,
        daysLeft: 899,
        source: 'upload',
      })
      const { id, name } = shownIn(sent)
      expect(name).toMatch(/^company-root-[0-9a-z]{6}\.pem$/)
      expect(await pbx()).toMatchObject({ certificates: [{ name, type: 'trusted' }], uploads: [] })
      expect((await call(api, 'GET', at(id, '/pem'))).text).toBe(authority.pem)
      expect(await listed(api, certificates, '?fresh=true')).toMatchObject([
        { id, status: 'installed', fingerprint: authority.fingerprint },
      ])
      expect(await api.sandbox.incidents()).toEqual([])
    })

    test('take a server’s with its key, and put it in use', async () => {
      const more = { name: 'first.pem', activate: true }
      const sent = await upload(api, certificates, 'server', chain.bundle, more)
      expect([sent.status, codesOf(sent)], sent.text).toEqual([201, ['trust_anchor_unknown']])
      expect(sent.json).toMatchObject({ name: 'first.pem', status: 'active', daysLeft: 89 })
      expect(await pbx()).toMatchObject({ httpsCertificate: 'first.pem' })

      const { bundle } = await mintChain()
      const second = shownIn(await upload(api, certificates, 'server', bundle, { name: 'b.pem' }))
      expect(second.status).toBe('installed')
      const active = await call(api, 'POST', at(second.id, '/activate'))
      expect(active.json, active.text).toMatchObject({ id: second.id, status: 'active' })
      expect(await pbx()).toMatchObject({ httpsCertificate: 'b.pem' })
      const first = shownIn(sent).id
      expect(shownIn(await call(api, 'GET', at(first)))).toMatchObject({ status: 'installed' })

      await expectProblem(api, await call(api, 'DELETE', at(second.id)), 'conflict')
      expect((await call(api, 'DELETE', at(first))).status).toBe(204)
      await expectProblem(api, await call(api, 'GET', at(first)), 'not_found')
      expect((await pbx()).certificates.map(({ name }) => name)).toEqual(['b.pem'])
      const types = (await eventsOf(api, first)).map(({ type }) => type)
      expect(types).toEqual([
        'certificate.requested',
        'certificate.installed',
        'certificate.activated',
        'certificate.removed',
      ])
    })

    test('keep the name that the PBX gives them', async () => {
      await api.sandbox.setKnobs('pbx', { uploadNames: 'renamed' })
      const more = { name: 'own.pem', activate: true }
      const sent = await upload(api, certificates, 'server', chain.bundle, more)
      const [first] = (await pbx()).certificates
      expect(first?.name).not.toBe('own.pem')
      expect(sent.json, sent.text).toMatchObject({ status: 'active', name: first?.name })
    })

    test.each(['partial-success', 'processing'] as const)(
      'are there too where the PBX answers with %s',
      async (answer) => {
        await api.sandbox.setKnobs('pbx', { writes: answer })
        const more = { activate: true }
        const sent = await upload(api, certificates, 'server', chain.bundle, more)
        expect(sent.json, sent.text).toMatchObject({ status: 'active' })
      },
    )

    test('are refused under a name that is taken, before anything is sent', async () => {
      const more = { name: 'a.pem' }
      await upload(api, certificates, 'trusted-ca', authority.pem, more)
      const before = await writes()
      const again = await upload(api, certificates, 'trusted-ca', authority.pem, more)
      const { detail } = await expectProblem(api, again, 'conflict')
      expect(detail).toContain('"a.pem"')
      expect(await writes()).toEqual(before)
    })

    test('are no more than the PBX holds, and the next is refused before anything is sent', async () => {
      for (const [purpose, pem, most] of [
        ['server', chain.bundle, SERVERS_MAX],
        ['trusted-ca', authority.pem, TRUSTED_MAX],
      ] as const) {
        for (let count = 0; count < most; count += 1) {
          const sent = await upload(api, certificates, purpose, pem)
          expect(sent.status, sent.text).toBe(201)
        }
        const before = await writes()
        const sent = await upload(api, certificates, purpose, pem)
        const { detail } = await expectProblem(api, sent, 'quota_exceeded')
        expect(detail).toContain(String(most))
        expect(await writes()).toEqual(before)
        expect(await listed(api, certificates, `?purpose=${purpose}`)).toHaveLength(most)
      }
      const [oldest] = await listed(api, certificates, '?purpose=server')
      await call(api, 'DELETE', at(oldest?.id ?? ''))
      const sent = await upload(api, certificates, 'server', chain.bundle)
      expect(sent.status, sent.text).toBe(201)
    })

    // Each of them alone would still fit.
    test('are no more than the PBX holds, however many are uploaded at once', async () => {
      const all = await Promise.all(
        Array.from({ length: SERVERS_MAX + 2 }, () =>
          upload(api, certificates, 'server', chain.bundle),
        ),
      )
      const made = all.filter(({ status }) => status === 201)
      expect(made, all.map(({ text }) => text).join('\n')).toHaveLength(SERVERS_MAX)
      for (const sent of all.filter(({ status }) => status !== 201)) {
        await expectProblem(api, sent, 'quota_exceeded')
      }
      expect((await pbx()).certificates).toHaveLength(SERVERS_MAX)
      const ids = (await listed(api, certificates, '?fresh=true')).map(({ id }) => id)
      expect(ids).toEqual(made.map((sent) => shownIn(sent).id).toSorted())
    })

    test('that somebody else put there are found, with what the PBX says of them', async () => {
      const elsewhere = await openCertificates(api, 'pbx')
      const theirs = shownIn(await upload(api, elsewhere, 'trusted-ca', authority.pem))
      const [found] = await listed(api, certificates)
      expect(found).toMatchObject({ name: theirs.name, status: 'installed', fingerprint: null })
      const id = found?.id ?? ''
      const one = await call(api, 'GET', at(id))
      expect(one.json).toMatchObject({
        subject: null,
        subjectAlternativeNames: null,
        daysLeft: 899,
      })
      await expectProblem(api, await call(api, 'GET', at(id, '/pem')), 'unsupported_operation')

      await call(api, 'DELETE', `${elsewhere.path}/${theirs.id}`)
      await api.advance(2 * MINUTE)
      expect(await listed(api, certificates)).toEqual([])
      await expectProblem(api, await call(api, 'GET', at(id)), 'not_found')
      const types = (await eventsOf(api, id)).map(({ type }) => type)
      expect(types).toEqual(['certificate.discovered', 'certificate.vanished'])
    })

    test('do not take a private key where authorities are trusted', async () => {
      const sent = await upload(api, certificates, 'trusted-ca', authority.pem + authority.key)
      await expectProblem(api, sent, 'certificate_invalid')
      expect(codesOf(sent, 'error')).toContain('private_key_forbidden')
      expect(await writes()).toEqual([])
    })

    test('are made once for one Idempotency-Key, also at the same time', async () => {
      const once = { headers: { 'idempotency-key': 'once' } }
      const both = await Promise.all(
        [1, 2].map(() => upload(api, certificates, 'trusted-ca', authority.pem, {}, once)),
      )
      expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]))
      const again = await upload(api, certificates, 'trusted-ca', authority.pem, {}, once)
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
      expect((await pbx()).certificates).toHaveLength(1)
    })
  })
}
