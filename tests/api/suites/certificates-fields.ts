import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Certificates, openCertificates } from '../harness/certificate-calls.ts'
import { call, type CallOptions } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const PEM_TYPE = 'application/x-pem-file'
const LIMIT = 256 * 1024

const source = { type: 'upload', pem: 'a' }
const upload = { purpose: 'trusted-ca', source }
const dns = { dnsProvider: 'alidns', dnsParameters: { AccessKeyId: 'a' } }
const application = { type: 'apply', domain: 'pbx.example.com', ...dns }
const apply = { purpose: 'server', source: application }
const parameters = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))

/** What is sent, and the pointers that the problem has to have. */
type Row = readonly [what: string, json: unknown, pointers: readonly string[]]

const CREATE: readonly Row[] = [
  ['nothing', {}, ['/source']],
  ['another source', { ...upload, source: { type: 'copy' } }, ['/source/type']],
  ['no purpose', { source }, ['/purpose']],
  ['the purpose that is read alone', { ...upload, purpose: 'server-ca' }, ['/purpose']],
  ['no PEM', { ...upload, source: { type: 'upload' } }, ['/source/pem']],
  ['empty PEM', { ...upload, source: { type: 'upload', pem: '' } }, ['/source/pem']],
  [
    'a field of the other source',
    { ...upload, source: { ...source, domain: 'a.b' } },
    ['/source/domain'],
  ],
  ['an unknown field', { ...upload, state: 'active' }, ['/state']],
  ['text for yes', { ...upload, activate: 'true', force: 1 }, ['/activate', '/force']],
  ['an empty name', { ...upload, name: '' }, ['/name']],
  ['a path as name', { ...upload, name: '../etc/a.pem' }, ['/name']],
  ['a Windows path as name', { ...upload, name: 'a\\b.pem' }, ['/name']],
  ['a hidden name', { ...upload, name: '.pem' }, ['/name']],
  ['an option as name', { ...upload, name: '-rf' }, ['/name']],
  ['a blank in the name', { ...upload, name: 'a b.pem' }, ['/name']],
  ['a line break in the name', { ...upload, name: 'a\r\nb.pem' }, ['/name']],
  ['quotes in the name', { ...upload, name: 'a".pem' }, ['/name']],
  ['a long name', { ...upload, name: 'a'.repeat(129) }, ['/name']],
  ['auto-renewal as yes', { ...upload, autoRenewal: true }, ['/autoRenewal']],
  [
    'auto-renewal without anything',
    { ...upload, autoRenewal: {} },
    ['/autoRenewal/dnsProvider', '/autoRenewal/dnsParameters'],
  ],
  [
    'a parameter of another type',
    { ...upload, autoRenewal: { ...dns, dnsParameters: { TTL: 1.5, Zone: null, List: ['a'] } } },
    ['TTL', 'Zone', 'List'].map((name) => `/autoRenewal/dnsParameters/${name}`),
  ],
  [
    'too many parameters',
    { ...apply, source: { ...application, dnsParameters: parameters(33) } },
    ['/source/dnsParameters'],
  ],
  [
    'a parameter of a long name',
    { ...apply, source: { ...application, dnsParameters: { ['k'.repeat(65)]: 1 } } },
    [`/source/dnsParameters/${'k'.repeat(65)}`],
  ],
  [
    'a DNS provider with a path',
    { ...apply, source: { ...application, dnsProvider: 'a/b' } },
    ['/source/dnsProvider'],
  ],
  ['an application for an authority', { ...apply, purpose: 'trusted-ca' }, ['/purpose']],
  ['an application with a name', { ...apply, name: 'a.pem' }, ['/name']],
  ['a forced application', { ...apply, force: true }, ['/force']],
  [
    'an application with nothing',
    { purpose: 'server', source: { type: 'apply' } },
    ['/source/domain', '/source/dnsProvider', '/source/dnsParameters'],
  ],
]

const DOMAINS = [
  '',
  'localhost',
  '192.0.2.1',
  '[2001:db8::1]',
  'https://pbx.example.com',
  'pbx.example.com/',
  'pbx.example.com:8088',
  'pbx..example.com',
  '-pbx.example.com',
  'pbx_1.example.com',
  'a.*.example.com',
  '*',
  '*.com.',
  `${'a'.repeat(64)}.example.com`,
  `${'a.'.repeat(130)}com`,
  'münchen.example.com',
  'pbx.example.com\n',
]

/** Fields of certificates that are wrong are named, all at once, and nothing is done. */
export function certificatesFieldsSuite(open: OpenApi): void {
  describe('of a certificate, wrong fields are pointed to in', () => {
    let api: ApiHarness
    let certificates: Certificates

    beforeAll(async () => {
      api = await open()
      certificates = await openCertificates(api, 'onprem')
    })
    afterEach(() => expectNothingSent(api))
    afterAll(() => api.close())

    const post = (options: CallOptions, query = '') =>
      call(api, 'POST', certificates.path + query, options)

    test.each(CREATE)('POST: %s', async (_what, json, pointers) => {
      await expectProblem(api, await post({ json }), 'invalid_request', pointers)
    })

    test.each(DOMAINS)('POST: the domain %j', async (domain) => {
      const json = { ...apply, source: { ...application, domain } }
      await expectProblem(api, await post({ json }), 'invalid_request', ['/source/domain'])
    })

    test.each(['PBX.Example.com', '*.example.com', 'xn--mnchen-3ya.example.com', 'a.b'])(
      'no wrong field: the domain %s',
      async (domain) => {
        const json = { ...apply, source: { ...application, domain } }
        await expectProblem(api, await post({ json }), 'unsupported_operation')
      },
    )

    test('a query: with JSON all of it, with PEM what is missing or wrong', async () => {
      for (const [query, ...pointers] of [
        ['?purpose=server', '/purpose'],
        ['?name=a.pem&force=true', '/name', '/force'],
      ] as const) {
        await expectProblem(api, await post({ json: upload }, query), 'invalid_request', pointers)
      }
      const pem = { body: 'a', type: PEM_TYPE }
      for (const [query, pointer] of [
        ['', '/purpose'],
        ['?purpose=server-ca', '/purpose'],
        ['?purpose=trusted-ca&name=a%2Fb', '/name'],
        ['?purpose=trusted-ca&activate=yes', '/activate'],
        ['?purpose=trusted-ca&passphrase=a', '/passphrase'],
      ] as const) {
        await expectProblem(api, await post(pem, query), 'invalid_request', [pointer])
      }
    })

    test('PATCH: nothing, and what cannot be changed', async () => {
      const path = `${certificates.path}/crt_${certificates.connectionId.slice(4)}${'0'.repeat(12)}`
      for (const [json, pointer] of [
        [{}, '/autoRenewal'],
        [{ autoRenewal: false }, '/autoRenewal'],
        [{ autoRenewal: null, name: 'a' }, '/name'],
        [{ autoRenewal: { dnsProvider: 'alidns' } }, '/autoRenewal/dnsParameters'],
        [{ autoRenewal: { ...dns, enabled: true } }, '/autoRenewal/enabled'],
      ] as const) {
        const sent = await call(api, 'PATCH', path, { json })
        await expectProblem(api, sent, 'invalid_request', [pointer])
      }
    })

    test('nothing of a body that is too large, or of another type', async () => {
      const large = 'a'.repeat(LIMIT + 1)
      for (const options of [
        { body: large, type: PEM_TYPE },
        { json: { ...upload, source: { ...source, pem: large } } },
        { json: { ...upload, source: { ...source, privateKey: large } } },
      ]) {
        const sent = await post(options, 'json' in options ? '' : '?purpose=trusted-ca')
        const { detail } = await expectProblem(api, sent, 'payload_too_large')
        expect(detail).toContain('256 KiB')
      }
      for (const type of ['text/plain', 'multipart/form-data', 'application/x-x509-ca-cert']) {
        const sent = await post({ body: 'a', type }, '?purpose=trusted-ca')
        await expectProblem(api, sent, 'unsupported_media_type')
      }
    })
  })
}
