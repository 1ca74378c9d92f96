import { DAY, toTimestamp } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codesOf } from '../harness/certificate-calls.ts'
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../harness/certificates.ts'
import { call, type CallOptions, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const PATH = '/v1/certificates/inspect'
const PEM_TYPE = 'application/x-pem-file'

/** A line of the key that stands in no other. */
const keyLine = ({ key }: { readonly key: string }) => key.split('\n')[1] ?? ''

/** Certificates are judged for whoever asks: nothing is sent, kept or repeated that is secret. */
export function inspectionsSuite(open: OpenApi): void {
  describe('the inspection of certificates', () => {
    let api: ApiHarness
    let chain: TestChain
    let authority: TestAuthority

    beforeAll(async () => {
      api = await open()
      chain = await mintChain()
      authority = await mintTrusted()
    })
    afterAll(async () => {
      await expectNothingSent(api)
      const events = await call(api, 'GET', '/v1/events?limit=200')
      expect(events.text).not.toContain('certificate.')
      await api.close()
    })

    const inspect = (json: object): Promise<Sent> => call(api, 'POST', PATH, { json })

    test('of a sound chain passes where its root is trusted, and warns where that is not known', async () => {
      const unknown = await inspect({ pem: chain.chain })
      expect(unknown.status, unknown.text).toBe(200)
      expect(unknown.json).toMatchObject({ verdict: 'warn', normalizedPem: chain.chain })
      expect(codesOf(unknown)).toEqual(['trust_anchor_unknown'])
      const trusted = await inspect({ pem: chain.chain, roots: chain.root })
      expect(trusted.json).toMatchObject({ verdict: 'pass', findings: [] })
      const distrusted = await inspect({ pem: chain.chain, roots: authority.pem })
      expect(distrusted.json).toMatchObject({ verdict: 'fail' })
    })

    test('describes every certificate in plain terms', async () => {
      const { json, headers } = await inspect({ pem: chain.authority + chain.leaf })
      expect(json).toMatchObject({
        findings: [
          { code: 'reordered', severity: 'repaired' },
          { code: 'trust_anchor_unknown', severity: 'warning' },
        ],
        certificates: [
          {
            subject: 'CN=pbx.example.com',
            issuer: 'CN=Test Authority',
            subjectAlternativeNames: ['pbx.example.com', '127.0.0.1'],
            daysLeft: 89,
            serialNumber: '1234',
            key: 'EC P-256',
            isAuthority: false,
            isSelfSigned: false,
            keyUsage: ['digitalSignature'],
            extendedKeyUsage: ['serverAuth'],
            fingerprint: chain.fingerprint,
          },
          { subject: 'CN=Test Authority', issuer: 'CN=Test Root', isAuthority: true },
        ],
        normalizedPem: chain.chain,
      })
      expect(headers.get('cache-control')).toBe('no-store')
    })

    test('judges a private key and never repeats it', async () => {
      const other = await mintChain()
      const asked = [
        [{ pem: chain.bundle }, chain, 'warn'],
        [{ pem: chain.chain, privateKey: chain.key }, chain, 'warn'],
        [{ pem: chain.chain, privateKey: other.key }, other, 'fail'],
        [{ pem: other.key + chain.chain }, other, 'fail'],
        [{ pem: authority.pem + authority.key, purpose: 'trusted-ca' }, authority, 'fail'],
      ] as const
      for (const [json, holder, verdict] of asked) {
        const sent = await inspect(json)
        expect(sent.json, sent.text).toMatchObject({ verdict })
        expect(sent.text).not.toContain('PRIVATE KEY-----')
        expect(sent.text + api.logs().join()).not.toContain(keyLine(holder))
      }
      expect(codesOf(await inspect({ pem: other.key + chain.chain }))).toContain(
        'private_key_mismatch',
      )
    })

    test('asks whether it is for a host, and at a time', async () => {
      const fits = await inspect({
        pem: chain.chain,
        roots: chain.root,
        hostname: 'pbx.example.com',
      })
      expect(fits.json).toMatchObject({ verdict: 'pass' })
      const other = await inspect({ pem: chain.chain, hostname: 'www.example.com' })
      expect(codesOf(other, 'error')).toEqual(['hostname_mismatch'])
      const later = toTimestamp(Date.now() + 100 * DAY)
      const ended = await inspect({ pem: chain.chain, at: later })
      expect(codesOf(ended, 'error')).toContain('expired')
      expect(ended.json).toMatchObject({ certificates: [{ daysLeft: 0 }, {}] })
    })

    test('judges authorities for what they are', async () => {
      const trusted = await inspect({ pem: authority.pem, purpose: 'trusted-ca' })
      expect(trusted.json).toMatchObject({ verdict: 'pass', normalizedPem: authority.pem })
      const leaf = await inspect({ pem: chain.leaf, purpose: 'webhook-ca' })
      expect(leaf.json).toMatchObject({ verdict: 'fail' })
    })

    test('takes PEM as it is', async () => {
      for (const type of [PEM_TYPE, 'text/plain']) {
        const sent = await call(api, 'POST', PATH, { body: chain.bundle, type })
        expect(sent.json).toMatchObject({ verdict: 'warn', normalizedPem: chain.chain })
        const at = `${PATH}?purpose=trusted-ca`
        const ca = await call(api, 'POST', at, { body: authority.pem, type })
        expect(ca.json).toMatchObject({ verdict: 'pass' })
      }
    })

    test.each([
      ['nothing', ''],
      ['words', 'no certificate here'],
      ['half a certificate', '-----BEGIN CERTIFICATE-----\nMIIB'],
      ['a public key', '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n'],
      ['noise', '\u0000\uFFFD'.repeat(1000)],
    ])('fails %s with a finding', async (_, body) => {
      const sent = await call(api, 'POST', PATH, { body, type: 'text/plain' })
      expect(sent.json, sent.text).toMatchObject({ verdict: 'fail', certificates: [] })
      expect(codesOf(sent, 'error')).toHaveLength(1)
    })

    test('refuses what is of no form that it takes', async () => {
      const pem = 'a'
      const wrong: readonly (readonly [object, string])[] = [
        [{}, '/pem'],
        [{ pem: '' }, '/pem'],
        [{ pem, purpose: 'server-ca' }, '/purpose'],
        [{ pem, at: 'tomorrow' }, '/at'],
        [{ pem, hostname: '' }, '/hostname'],
        [{ pem, colour: 'red' }, '/colour'],
      ]
      for (const [json, pointer] of wrong) {
        await expectProblem(api, await inspect(json), 'invalid_request', [pointer])
      }
      const query = await call(api, 'POST', `${PATH}?purpose=server`, { json: { pem } })
      await expectProblem(api, query, 'invalid_request', ['/purpose'])
      const large = { body: 'a'.repeat(256 * 1024 + 1) }
      const tooLarge: readonly CallOptions[] = [
        { ...large, type: PEM_TYPE },
        { json: { pem: large.body } },
        { json: { pem, privateKey: large.body } },
      ]
      for (const options of tooLarge) {
        await expectProblem(api, await call(api, 'POST', PATH, options), 'payload_too_large')
      }
      const form = { body: 'pem=a', type: 'application/x-www-form-urlencoded' }
      await expectProblem(api, await call(api, 'POST', PATH, form), 'unsupported_media_type')
    })
  })
}
