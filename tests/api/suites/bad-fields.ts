import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const ID = 'con_0000000000000000'
const graph = { provider: 'graph', name: 'a', credentials: { accessToken: 't' } }
const pollution = (text: string): unknown => JSON.parse(text)

/** What is sent, and the pointers that the problem has to have. */
type Row = readonly [what: string, json: unknown, pointers: readonly string[]]

const CONNECTIONS: readonly Row[] = [
  ['nothing', {}, ['/provider', '/name']],
  ['a number as provider', { ...graph, provider: 1 }, ['/provider']],
  ['an unknown provider', { ...graph, provider: 'gupshup' }, ['/provider']],
  ['a provider named like a method', { ...graph, provider: 'constructor' }, ['/provider']],
  ['a number as name', { ...graph, name: 5 }, ['/name']],
  ['an empty name', { ...graph, name: '' }, ['/name']],
  ['a name of blanks', { ...graph, name: '  ' }, ['/name']],
  ['a name that is too long', { ...graph, name: 'a'.repeat(101) }, ['/name']],
  ['a line break in the name', { ...graph, name: 'a\nb' }, ['/name']],
  ['NUL in the name', { ...graph, name: 'a\u0000b' }, ['/name']],
  ['half a character in the name', { ...graph, name: 'a\ud800' }, ['/name']],
  ['an unknown field', { ...graph, admin: true, id: ID }, ['/admin', '/id']],
  ['a list as config', { ...graph, config: [] }, ['/config']],
  ['null as credentials', { ...graph, credentials: null }, ['/credentials']],
  ['an unknown field of config', { ...graph, config: { wabaID: '1' } }, ['/config/wabaID']],
  [
    'unknown credentials',
    { ...graph, credentials: { accessToken: 't', 'a/b~c': 't' } },
    ['/credentials/a~1b~0c'],
  ],
  ['no credentials', { ...graph, credentials: {} }, ['/credentials/accessToken']],
  [
    'a number as secret',
    { ...graph, credentials: { accessToken: 1 } },
    ['/credentials/accessToken'],
  ],
  [
    'a line break in a secret',
    { ...graph, credentials: { accessToken: 't\n' } },
    ['/credentials/accessToken'],
  ],
  [
    'a limit out of range and of another type',
    { ...graph, config: { maxConcurrent: 65, repairsPerDay: '3' } },
    ['/config/maxConcurrent', '/config/repairsPerDay'],
  ],
  [
    'a foreign host',
    { ...graph, config: { baseUrl: 'https://graph.example.com' } },
    ['/config/baseUrl'],
  ],
  [
    '__proto__',
    pollution('{"provider":"graph","name":"a","__proto__":{"config":{}}}'),
    ['/__proto__'],
  ],
  [
    '__proto__ in config',
    pollution(
      '{"provider":"graph","name":"a","config":{"__proto__":{"version":"v1.0"}},"credentials":{"accessToken":"t"}}',
    ),
    ['/config/__proto__'],
  ],
  [
    'constructor in config',
    { ...graph, config: { constructor: { prototype: { polluted: true } } } },
    ['/config/constructor'],
  ],
]

const NUMBERS: readonly Row[] = [
  ['nothing', {}, ['/connectionId', '/upstreamId']],
  [
    'numbers where text belongs',
    { connectionId: 1, upstreamId: 2 },
    ['/connectionId', '/upstreamId'],
  ],
  ['the id of another kind', { connectionId: 'num_000', upstreamId: '1' }, ['/connectionId']],
  ['a label of another type', { connectionId: ID, upstreamId: '1', label: {} }, ['/label']],
  [
    'a label that is too long',
    { connectionId: ID, upstreamId: '1', label: 'a'.repeat(201) },
    ['/label'],
  ],
  ['a control character', { connectionId: ID, upstreamId: '1', label: 'a\u009bb' }, ['/label']],
  ['a long upstream id', { connectionId: ID, upstreamId: '1'.repeat(65) }, ['/upstreamId']],
  ['an unknown field', { connectionId: ID, upstreamId: '1', provider: 'graph' }, ['/provider']],
]

const TOKENS: readonly Row[] = [
  ['nothing', {}, ['/name', '/scopes']],
  ['no scope', { name: 'a', scopes: [] }, ['/scopes']],
  ['an unknown scope', { name: 'a', scopes: ['admin', 'root'] }, ['/scopes/1']],
  ['text as scopes', { name: 'a', scopes: 'admin' }, ['/scopes']],
  ['no connection', { name: 'a', scopes: ['admin'], connections: [] }, ['/connections']],
  ['a number id', { name: 'a', scopes: ['admin'], connections: ['num_1'] }, ['/connections/0']],
  [
    'a time without zone',
    { name: 'a', scopes: ['admin'], expiresAt: '2099-01-01' },
    ['/expiresAt'],
  ],
  [
    'a time long gone',
    { name: 'a', scopes: ['admin'], expiresAt: '1999-01-01T00:00:00Z' },
    ['/expiresAt'],
  ],
  ['a line break in the name', { name: 'a\r\nb', scopes: ['admin'] }, ['/name']],
]

const KEYS: readonly Row[] = [
  ['nothing', {}, ['/publicKey']],
  ['a number as key', { publicKey: 1 }, ['/publicKey']],
  ['an empty key', { publicKey: '' }, ['/publicKey']],
  ['a malformed key id', { keyId: 'key_1' }, ['/keyId']],
  ['a field of another route', { publicKey: 'a', label: 'b' }, ['/label']],
]

/** Fields that are wrong are named, all at once, and nothing is done. */
export function badFieldsSuite(open: OpenApi): void {
  describe('wrong fields are pointed to in', () => {
    let api: ApiHarness
    let connectionId: string
    let numberId: string

    beforeAll(async () => {
      api = await open()
      ;({ connectionId, numberId } = await makeNumber(api, 'graph'))
    })
    afterEach(() => expectNothingSent(api))
    afterAll(() => api.close())

    async function expectPointers(
      method: string,
      path: string,
      [, json, pointers]: Row,
    ): Promise<void> {
      const sent = await call(api, method, path, { json })
      await expectProblem(api, sent, 'invalid_request', pointers)
    }

    test.each(CONNECTIONS)('POST /v1/connections: %s', async (...row) => {
      await expectPointers('POST', '/v1/connections', row)
    })
    test.each(NUMBERS)('POST /v1/numbers: %s', async (...row) => {
      await expectPointers('POST', '/v1/numbers', row)
    })
    test.each(TOKENS)('POST /v1/tokens: %s', async (...row) => {
      await expectPointers('POST', '/v1/tokens', row)
    })
    test.each(KEYS)('PUT …/encryption-key: %s', async (...row) => {
      await expectPointers('PUT', `/v1/numbers/${numberId}/encryption-key`, row)
    })

    test('PATCH /v1/connections: null for what is required, unknown names, the provider', async () => {
      const path = `/v1/connections/${connectionId}`
      const rows: readonly Row[] = [
        ['', { name: null }, ['/name']],
        ['', { credentials: { accessToken: null } }, ['/credentials/accessToken']],
        ['', { config: { colour: 'red' } }, ['/config/colour']],
        ['', pollution('{"config":{"__proto__":null}}'), ['/config/__proto__']],
        ['', { provider: 'kaleyra' }, ['/provider']],
        ['', { createdAt: '2026-01-01T00:00:00Z' }, ['/createdAt']],
      ]
      for (const row of rows) await expectPointers('PATCH', path, row)
      const after = await call(api, 'GET', path)
      expect(after.json).toMatchObject({ name: 'graph', provider: 'graph' })
    })

    test('PATCH /v1/numbers: what cannot be changed, and labels that cannot be', async () => {
      const path = `/v1/numbers/${numberId}`
      const rows: readonly Row[] = [
        ['', {}, ['/label']],
        ['', { label: 1 }, ['/label']],
        ['', { label: 'a\u0000' }, ['/label']],
        ['', { label: 'a', upstreamId: '2' }, ['/upstreamId']],
      ]
      for (const row of rows) await expectPointers('PATCH', path, row)
    })

    test('upstream ids that the provider cannot have', async () => {
      for (const provider of ['kaleyra', 'onprem'] as const) {
        const made = await call(api, 'POST', '/v1/connections', {
          json: connectionTo(api, provider),
        })
        const { id } = z.object({ id: z.string() }).parse(made.json)
        for (const upstreamId of ['919900000001', '0039 06 1', '+0123456789', '+', 'Default']) {
          const json = { connectionId: id, upstreamId }
          const sent = await call(api, 'POST', '/v1/numbers', { json })
          await expectProblem(api, sent, 'invalid_request', ['/upstreamId'])
        }
      }
      for (const upstreamId of ['+15550100001', '0300000000000001', '3e5', '1/2', '../1']) {
        const sent = await call(api, 'POST', '/v1/numbers', { json: { connectionId, upstreamId } })
        await expectProblem(api, sent, 'invalid_request', ['/upstreamId'])
      }
    })

    test('a body with more wrong fields than anybody reads: some are named, and briefly', async () => {
      const junk = Array.from({ length: 5000 }, (_, index) => [`${'x'.repeat(150)}${index}`, 1])
      const sent = await call(api, 'POST', '/v1/tokens', { json: Object.fromEntries(junk) })
      await expectProblem(api, sent, 'invalid_request')
      expect(sent.text.length).toBeLessThan(20_000)
    })
  })
}
