import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make, makeNumber, type Sent } from '../harness/client.ts'
import { CERTIFICATE_WRITES } from '../harness/certificate-writes.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { documentedRoutes } from '../harness/routes.ts'
import { makeToken } from '../harness/tokens.ts'
import { ENDPOINT_WRITES } from '../harness/endpoint-writes.ts'
import { KEY_WRITES } from '../harness/key-writes.ts'
import { ROTATION_WRITES } from '../harness/rotation-writes.ts'
import { TRIGGER_WRITES } from '../harness/trigger-writes.ts'
import type { WriteKind } from '../harness/write-kind.ts'

/** Registered numbers that the sandbox lists; the deleted one is not listed. */
const LISTED = 6

const KINDS: readonly WriteKind[] = [
  ...CERTIFICATE_WRITES,
  ...TRIGGER_WRITES,
  ...KEY_WRITES,
  ...ENDPOINT_WRITES,
  ...ROTATION_WRITES,
  {
    operationId: 'createConnection',
    status: 201,
    event: ['connection.created', 1],
    prepare: (api) =>
      Promise.resolve({
        method: 'POST',
        path: '/v1/connections',
        json: connectionTo(api, 'graph'),
      }),
  },
  {
    operationId: 'updateConnection',
    status: 200,
    event: ['connection.updated', 1],
    async prepare(api) {
      const id = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      return { method: 'PATCH', path: `/v1/connections/${id}`, json: { name: 'renamed' } }
    },
  },
  {
    operationId: 'deleteConnection',
    status: 204,
    event: ['connection.deleted', 1],
    async prepare(api) {
      const { connectionId } = await makeNumber(api, 'graph')
      return { method: 'DELETE', path: `/v1/connections/${connectionId}?cascade=true` }
    },
  },
  {
    operationId: 'discoverNumbers',
    status: 200,
    event: ['number.created', LISTED],
    async prepare(api) {
      const id = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      return { method: 'POST', path: `/v1/connections/${id}/discover` }
    },
  },
  {
    operationId: 'createNumber',
    status: 201,
    event: ['number.created', 1],
    async prepare(api) {
      const connectionId = await make(api, '/v1/connections', connectionTo(api, 'kaleyra'))
      return {
        method: 'POST',
        path: '/v1/numbers',
        json: { connectionId, upstreamId: '+15550100' },
      }
    },
  },
  {
    operationId: 'updateNumber',
    status: 200,
    event: ['number.updated', 1],
    async prepare(api) {
      const { numberId } = await makeNumber(api, 'graph')
      return { method: 'PATCH', path: `/v1/numbers/${numberId}`, json: { label: 'renamed' } }
    },
  },
  {
    operationId: 'deleteNumber',
    status: 204,
    event: ['number.deleted', 1],
    async prepare(api) {
      const { numberId } = await makeNumber(api, 'graph')
      return { method: 'DELETE', path: `/v1/numbers/${numberId}` }
    },
  },
  {
    operationId: 'publishEncryptionKey',
    status: 200,
    event: ['key.published', 1],
    async prepare(api, { pem }) {
      const { numberId } = await makeNumber(api, 'graph')
      const path = `/v1/numbers/${numberId}/encryption-key`
      return { method: 'PUT', path, json: { publicKey: pem } }
    },
  },
  {
    operationId: 'createToken',
    status: 201,
    event: ['token.created', 1],
    prepare: () =>
      Promise.resolve({
        method: 'POST',
        path: '/v1/tokens',
        json: { name: 'once', scopes: ['numbers:read'] },
      }),
  },
  {
    operationId: 'revokeToken',
    status: 204,
    event: ['token.revoked', 1],
    async prepare(api) {
      const { id } = await makeToken(api, ['numbers:read'])
      return { method: 'DELETE', path: `/v1/tokens/${id}` }
    },
  },
]

const page = z.object({ data: z.array(z.object({ type: z.string() })) })
/** Headers that tell of the request itself, and differ from one to the next. */
const OWN_HEADERS = new Set(['x-request-id', 'server-timing', 'idempotency-replayed'])

function answerOf({ status, text, headers }: Sent) {
  return { status, text, headers: [...headers].filter(([name]) => !OWN_HEADERS.has(name)) }
}

/** Each kind of write, done once for its Idempotency-Key. */
export function idempotentWritesSuite(open: OpenApi): void {
  describe('with an Idempotency-Key', () => {
    let api: ApiHarness
    let key: TestKey

    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const eventTypes = async () => {
      const { json } = await call(api, 'GET', '/v1/events?limit=200')
      return page.parse(json).data.map(({ type }) => type)
    }
    const requestsSent = async () => (await api.sandbox.requests()).requests.length

    test('every write that the document says takes one is tried here', async () => {
      const writes = (await documentedRoutes(api)).filter((route) => route.idempotent)
      const ids = writes.map(({ operationId }) => operationId)
      expect(ids.toSorted()).toEqual(KINDS.map(({ operationId }) => operationId).toSorted())
    })

    for (const { operationId, status, event, goesOn = false, prepare } of KINDS) {
      test(`${operationId} is done once, and answered the same each time`, async () => {
        const { method, path, json } = await prepare(api, key)
        const [type, count] = event
        const before = (await eventTypes()).filter((each) => each === type).length
        const send = (through: Parameters<typeof call>[0]) =>
          call(through, method, path, {
            headers: { 'idempotency-key': 'once' },
            ...(json === undefined ? {} : { json }),
          })
        const first = await send(api)
        expect(first.status, first.text).toBe(status)
        expect(first.headers.has('idempotency-replayed')).toBe(false)
        const [events, sent] = [await eventTypes(), await requestsSent()]
        expect(events.filter((each) => each === type)).toHaveLength(before + count)
        for (const through of [api, api, await api.elsewhere()]) {
          const again = await send(through)
          expect(answerOf(again)).toEqual(answerOf(first))
          expect(again.headers.get('idempotency-replayed')).toBe('true')
        }
        const after = await eventTypes()
        expect(after.filter((each) => each === type)).toHaveLength(before + count)
        if (!goesOn) expect([after, await requestsSent()]).toEqual([events, sent])
      })
    }
  })
}
