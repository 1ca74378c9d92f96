import { FAULTS } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI } from '../harness/key-fixtures.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

/** Ids that are nobody's, each as it stands in a path. */
const NOBODY = [
  'con_0000000000000000',
  'num_0000000000000000000000000000',
  'tok_00000000000000000000',
  'num_0000',
  'con_',
  'cus_0000000000000000',
  '0',
  '-1',
  'null',
  '*',
  '%00',
  'con_%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00',
  'CON_0000000000000000',
  'con_000000000000000%C3%BC',
  '%2e%2e%2fnumbers',
  '%252e%252e',
  '..%2f..',
  '%ff%fe',
  '%',
  '%zz',
  '%F0%9F%94%91',
  '__proto__',
  'constructor',
  "'%20OR%201=1--",
  'x'.repeat(200),
  'x'.repeat(8000),
]

/** Where an id is called for: of which kind, and how. */
const BY_ID: readonly (readonly [kind: string, method: string, path: string, json?: unknown])[] = [
  ['con_', 'GET', '/v1/connections/{id}'],
  ['con_', 'PATCH', '/v1/connections/{id}', { name: 'a' }],
  ['con_', 'DELETE', '/v1/connections/{id}'],
  ['con_', 'POST', '/v1/connections/{id}/check'],
  ['con_', 'POST', '/v1/connections/{id}/discover'],
  ['num_', 'GET', '/v1/numbers/{id}'],
  ['num_', 'PATCH', '/v1/numbers/{id}', { label: 'a' }],
  ['num_', 'DELETE', '/v1/numbers/{id}'],
  ['num_', 'GET', '/v1/numbers/{id}/encryption-key'],
  ['num_', 'PUT', '/v1/numbers/{id}/encryption-key', { publicKey: SPKI }],
  ['tok_', 'DELETE', '/v1/tokens/{id}'],
  ['', 'GET', '/docs/errors/{id}'],
]

const QUERIES: readonly (readonly [string, readonly string[]])[] = [
  ['/v1/numbers?limit=0', ['/limit']],
  ['/v1/numbers?limit=201', ['/limit']],
  ['/v1/numbers?limit=-1', ['/limit']],
  ['/v1/numbers?limit=1.5', ['/limit']],
  ['/v1/numbers?limit=abc', ['/limit']],
  ['/v1/numbers?limit=', ['/limit']],
  ['/v1/numbers?limit', ['/limit']],
  ['/v1/numbers?limit=1&limit=2', ['/limit']],
  ['/v1/numbers?limit=1e999', ['/limit']],
  ['/v1/numbers?Limit=1', ['/Limit']],
  ['/v1/numbers?limit[]=1', ['/limit[]']],
  ['/v1/numbers?page=2&offset=10', ['/page', '/offset']],
  ['/v1/numbers?__proto__=1', ['/__proto__']],
  ['/v1/numbers?inSync=yes', ['/inSync']],
  ['/v1/numbers?inSync=true&inSync=false', ['/inSync']],
  ['/v1/numbers?signatureStatus=VALID', ['/signatureStatus']],
  ['/v1/numbers?connectionId=num_1', ['/connectionId']],
  ['/v1/numbers?consistency=weak', ['/consistency']],
  ['/v1/numbers?cursor=', ['/cursor']],
  ['/v1/numbers?cursor=abc', ['/cursor']],
  ['/v1/numbers?cursor=con_0000000000000000', ['/cursor']],
  ['/v1/numbers?cursor=%00', ['/cursor']],
  ['/v1/connections?cursor=num_0000000000000000000000000000', ['/cursor']],
  ['/v1/connections?provider=graph&provider=kaleyra', ['/provider']],
  ['/v1/tokens?cursor=zzz', ['/cursor']],
  ['/v1/events?cursor=abc', ['/cursor']],
  ['/v1/events?cursor=-1', ['/cursor']],
  ['/v1/events?cursor=99999999999999999999', ['/cursor']],
  ['/v1/events?after=yesterday', ['/after']],
  ['/v1/events?after=2026-02-30T00:00:00Z', ['/after']],
  ['/v1/events?after=1700000000', ['/after']],
  ['/v1/events?subject=a&subject=b', ['/subject']],
  ['/v1/events/verify?subject=a', ['/subject']],
  ['/v1/providers?size=1', ['/size']],
  ['/v1/providers?cursor=', ['/cursor']],
  ['/healthz?x=1', ['/x']],
]

/** Requests that fail by their first line or their headers: paths, methods, queries, preconditions. */
export function badRequestsSuite(open: OpenApi): void {
  describe('a request that is wrong by its', () => {
    let api: ApiHarness
    let connectionId: string
    let numberId: string

    beforeAll(async () => {
      api = await open()
      ;({ connectionId, numberId } = await makeNumber(api, 'graph'))
    })
    afterEach(() => expectNothingSent(api))
    afterAll(() => api.close())

    const named = NOBODY.map((id) => [id.slice(0, 60), id] as const)
    test.each(named)('id %s finds nothing', async (_, id) => {
      for (const [, method, path, json] of BY_ID) {
        const sent = await call(api, method, path.replace('{id}', id), { json })
        await expectProblem(api, sent, 'not_found')
      }
    })

    test('id finds nothing of another kind', async () => {
      for (const [kind, method, path, json] of BY_ID) {
        for (const id of [connectionId, numberId]) {
          if (id.startsWith(kind) && kind !== '') continue
          const sent = await call(api, method, path.replace('{id}', id), { json })
          await expectProblem(api, sent, 'not_found')
        }
      }
    })

    test.each([
      '/v1',
      '/v1/',
      '/v2/numbers',
      '/v1/Numbers',
      '/v1/numbers/',
      '//v1/numbers',
      '/v1/numbers/%2e%2e',
      '/v1/connections/../../etc/passwd',
      '/v1/locks/key_0',
      '/docs/errors/',
      '/openapi.yaml',
      '/%00',
      '/%',
      '/%c0%ae%c0%ae/',
      `/${'a/'.repeat(2000)}`,
    ])('path %s finds nothing, whatever the method', async (path) => {
      for (const method of ['GET', 'POST', 'OPTIONS', 'PROPFIND']) {
        await expectProblem(api, await call(api, method, path, { token: null }), 'not_found')
      }
    })

    test('method is told which there are', async () => {
      const rows: readonly (readonly [path: string, wrong: readonly string[], allow: string])[] = [
        ['/v1/connections', ['PUT', 'PATCH', 'DELETE'], 'POST, GET, HEAD'],
        [`/v1/connections/${connectionId}`, ['PUT', 'POST'], 'GET, PATCH, DELETE, HEAD'],
        [`/v1/connections/${connectionId}/check`, ['GET', 'HEAD', 'PUT'], 'POST'],
        ['/v1/numbers', ['PUT', 'DELETE', 'PROPFIND'], 'POST, GET, HEAD'],
        [`/v1/numbers/${numberId}/encryption-key`, ['POST', 'PATCH', 'DELETE'], 'PUT, GET, HEAD'],
        ['/v1/tokens/tok_00000000000000000000', ['GET', 'HEAD', 'PATCH'], 'DELETE'],
        ['/v1/events', ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD'],
        ['/v1/events/verify', ['POST', 'DELETE'], 'GET, HEAD'],
        ['/healthz', ['POST'], 'GET, HEAD'],
        ['/', ['POST'], 'GET, HEAD'],
      ]
      for (const [path, methods, allow] of rows) {
        for (const method of methods) {
          // Whoever may not do anything here is told no less: the routes are public, in the document.
          const sent = await call(api, method, path, { token: null })
          expect([method, path, sent.headers.get('allow')]).toEqual([method, path, allow])
          if (method === 'HEAD') expect([sent.status, sent.text]).toEqual([405, ''])
          else await expectProblem(api, sent, 'method_not_allowed')
        }
        const options = await call(api, 'OPTIONS', path, { token: null })
        expect([options.status, options.headers.get('allow'), options.text]).toEqual([
          204,
          allow,
          '',
        ])
      }
    })

    test.each(QUERIES)('query %s is pointed to', async (path, pointers) => {
      await expectProblem(api, await call(api, 'GET', path), 'invalid_request', pointers)
    })

    test.each([
      ['verify', 'maybe'],
      ['verify', ''],
      ['verify', 'TRUE'],
      ['dryRun', 'true'],
    ])('query ?%s=%s of a publish is pointed to', async (name, value) => {
      const path = `/v1/numbers/${numberId}/encryption-key?${name}=${value}`
      const sent = await call(api, 'PUT', path, { json: { publicKey: 'x' } })
      await expectProblem(api, sent, 'invalid_request', [`/${name}`])
    })

    test.each<Record<string, string>>([
      { 'if-match': '*', 'if-none-match': '*' },
      { 'if-none-match': '"sha256:00.valid.json"' },
      { 'if-none-match': '' },
      { 'idempotency-key': '' },
      { 'idempotency-key': 'a b' },
      { 'idempotency-key': 'x'.repeat(256) },
    ])('headers is refused: %j', async (headers) => {
      const path = `/v1/numbers/${numberId}/encryption-key`
      const sent = await call(api, 'PUT', path, { json: { publicKey: SPKI }, headers })
      await expectProblem(api, sent, 'invalid_request')
    })

    test('error code has no page that is not one, and every one that is has', async () => {
      for (const code of Object.keys(FAULTS)) {
        const page = await call(api, 'GET', `/docs/errors/${code}`, { token: null })
        expect([code, page.status, page.headers.get('content-type')]).toEqual([
          code,
          200,
          'text/html; charset=utf-8',
        ])
        expect(page.text).toContain(`<code>${code}</code>`)
        expect(page.text).toContain('What to do')
      }
    })
  })
}
