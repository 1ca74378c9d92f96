import type { FaultCode } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { call, type CallOptions, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const MEBIBYTE = 1024 * 1024
const encoder = new TextEncoder()

/** Bodies that no route takes, whatever it is for. */
const MALFORMED: readonly (readonly [string, FaultCode, CallOptions])[] = [
  ['no body', 'unsupported_media_type', {}],
  ['an empty body', 'invalid_request', { body: '' }],
  ['blanks', 'invalid_request', { body: ' \n ' }],
  ['half an object', 'invalid_request', { body: '{"name": "a"' }],
  ['two values', 'invalid_request', { body: '{}{}' }],
  ['a trailing comma', 'invalid_request', { body: '{"name": "a",}' }],
  ['single quotes', 'invalid_request', { body: "{'name': 'a'}" }],
  ['an array', 'invalid_request', { body: '[]' }],
  ['a number', 'invalid_request', { body: '1' }],
  ['null', 'invalid_request', { body: 'null' }],
  ['JSON nested 100000 deep', 'invalid_request', { body: '['.repeat(100_000) }],
  ['nested objects', 'invalid_request', { body: '{"a":'.repeat(40) + '1' + '}'.repeat(40) }],
  ['bytes that are not UTF-8', 'invalid_request', { body: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) }],
  ['UTF-16', 'invalid_request', { body: Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0) }],
  ['a type that is no JSON', 'unsupported_media_type', { body: '{}', type: 'text/html' }],
  ['an empty type', 'unsupported_media_type', { body: '{}', type: '' }],
  [
    'a type that only begins alike',
    'unsupported_media_type',
    { body: '{}', type: 'application/json5' },
  ],
  [
    'another charset',
    'unsupported_media_type',
    { body: '{}', type: 'application/json; charset=iso-8859-1' },
  ],
  [
    'a compressed body',
    'unsupported_media_type',
    { body: '{}', headers: { 'content-encoding': 'gzip' } },
  ],
  ['5 MiB', 'payload_too_large', { body: JSON.stringify({ name: 'a'.repeat(5 * MEBIBYTE) }) }],
  [
    '5 MiB that are announced',
    'payload_too_large',
    { body: '{}', headers: { 'content-length': String(5 * MEBIBYTE) } },
  ],
]

/** Bodies that reach the storage of nothing and nobody: how a body is malformed comes before what it says. */
export function badBodiesSuite(open: OpenApi): void {
  describe('a malformed body', () => {
    let api: ApiHarness
    let key: TestKey
    let routes: Record<string, readonly [method: string, path: string]>

    beforeAll(async () => {
      api = await open()
      key = await freshKey()
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      routes = {
        createConnection: ['POST', '/v1/connections'],
        updateConnection: ['PATCH', `/v1/connections/${connectionId}`],
        createNumber: ['POST', '/v1/numbers'],
        updateNumber: ['PATCH', `/v1/numbers/${numberId}`],
        createToken: ['POST', '/v1/tokens'],
        publishEncryptionKey: ['PUT', `/v1/numbers/${numberId}/encryption-key`],
      }
    })
    afterEach(() => expectNothingSent(api))
    afterAll(() => api.close())

    test.each(MALFORMED)('of %s is refused by every route', async (_, code, options) => {
      for (const [method, path] of Object.values(routes)) {
        const problem = await expectProblem(api, await call(api, method, path, options), code)
        expect(problem.instance).toBe(path)
      }
    })

    test('in chunks is cut off at the limit, though nothing announced its size', async () => {
      for (const [method, path] of Object.values(routes)) {
        let pulled = 0
        const chunk = encoder.encode('a'.repeat(64 * 1024))
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull(controller) {
            pulled += chunk.byteLength
            if (pulled > 5 * MEBIBYTE) controller.close()
            else controller.enqueue(chunk)
          },
        })
        const sent = await call(api, method, path, { stream: body })
        await expectProblem(api, sent, 'payload_too_large')
        expect(pulled).toBeLessThan(2 * MEBIBYTE)
      }
    })

    test.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
      'is not one of type %s',
      async (type) => {
        const body = JSON.stringify({ name: 'a', scopes: ['admin'] })
        const sent = await call(api, 'POST', '/v1/tokens', { body, type })
        expect(sent.status, sent.text).toBe(201)
      },
    )

    test('of a form is refused where it has two fields, an unknown one, or none', async () => {
      const [method, path] = ['PUT', routes['publishEncryptionKey']?.[1] ?? '']
      const pem = encodeURIComponent(key.pem)
      for (const body of [
        `business_public_key=${pem}&public_key=${pem}`,
        `public_key=${pem}&public_key=${pem}`,
        `business_public_key=${pem}&scopes=admin`,
        `key=${pem}`,
        'business_public_key',
        '__proto__=1',
        '&',
      ]) {
        const type = 'application/x-www-form-urlencoded'
        const sent = await call(api, method, path, { body, type })
        const code = body === 'business_public_key' ? 'key_invalid' : 'invalid_request'
        await expectProblem(api, sent, code)
      }
    })
  })
}
