import { SCOPES } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { type DocumentedRoute, documentedRoutes, samplePath } from '../harness/routes.ts'
import { makeToken } from '../harness/tokens.ts'

const CONNECTION = 'con_0000000000000000'
const OTHER_CONNECTION = 'con_1111111111111111'

/** What a route is for, told by its path and method alone: the contract, not the code. */
const EXCEPTIONS: Readonly<Record<string, string | null>> = {
  // Signed, in place of a token.
  receiveMetaWebhook: null,
  confirmMetaWebhook: null,
  receivePbxWebhook: null,
  fireTrigger: null,
  listProviders: 'connections:read',
  // Asks the upstream, and changes nothing.
  checkConnection: 'connections:read',
  // What it makes are numbers.
  discoverNumbers: 'numbers:write',
  // Judge what is sent, and change nothing.
  inspectCertificates: 'certificates:read',
  inspectPublicKey: 'keys:read',
  // Asks the host, and changes nothing.
  verifyServedCertificate: 'certificates:read',
}

/** Of which resource a path is, where its name says another. */
const RESOURCES: Readonly<Record<string, string>> = {
  triggers: 'webhooks',
  'webhook-endpoints': 'webhooks',
}

function scopeByContract({ operationId, method, path }: DocumentedRoute): string | null {
  const known = EXCEPTIONS[operationId]
  if (known !== undefined) return known
  const [, , first = '', , below] = path.split('/')
  const resource = below === 'certificates' ? below : first
  if (resource === 'tokens') return 'admin'
  return `${RESOURCES[resource] ?? resource}:${method === 'GET' ? 'read' : 'write'}`
}

/** What a token may do, and hand on. */
export function scopesSuite(open: OpenApi): void {
  describe('scopes', () => {
    let api: ApiHarness

    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const statusOf = async (route: DocumentedRoute, token: string): Promise<number> => {
      const body = route.method === 'GET' ? {} : { json: {} }
      return (await call(api, route.method, samplePath(route), { token, ...body })).status
    }

    test('each route asks for the scope of what it touches', async () => {
      const routes = (await documentedRoutes(api)).filter((route) => route.path.startsWith('/v1/'))
      for (const route of routes) {
        expect([route.operationId, route.scope]).toEqual([
          route.operationId,
          scopeByContract(route),
        ])
      }
    })

    test('the one scope that a route asks for is enough', async () => {
      for (const scope of SCOPES) {
        const { token } = await makeToken(api, [scope])
        const routes = (await documentedRoutes(api)).filter((route) => route.scope === scope)
        for (const route of routes) {
          const status = await statusOf(route, token)
          expect([route.operationId, status === 401 || status === 403]).toEqual([
            route.operationId,
            false,
          ])
        }
      }
    })

    test('all other scopes together are not enough', async () => {
      for (const scope of SCOPES) {
        const others = SCOPES.filter((each) => each !== scope && each !== 'admin')
        const { token } = await makeToken(api, others)
        const routes = (await documentedRoutes(api)).filter((route) => route.scope === scope)
        for (const route of routes) {
          const sent = await call(api, route.method, samplePath(route), { token })
          expect([route.operationId, sent.status]).toEqual([route.operationId, 403])
          expect(sent.json).toMatchObject({ code: 'forbidden', retryable: false })
          expect(sent.text).toContain(scope)
        }
      }
    })

    test('admin is all of them', async () => {
      const { token } = await makeToken(api, ['admin'])
      const routes = (await documentedRoutes(api)).filter((route) => route.scope !== null)
      for (const route of routes) {
        expect([route.operationId, await statusOf(route, token)]).not.toEqual([
          route.operationId,
          403,
        ])
      }
    })

    test('a token without admin makes no tokens, not even lesser ones', async () => {
      const { token } = await makeToken(
        api,
        SCOPES.filter((scope) => scope !== 'admin'),
      )
      const json = { name: 'lesser', scopes: ['numbers:read'] }
      const sent = await call(api, 'POST', '/v1/tokens', { token, json })
      expect(sent.json).toMatchObject({ code: 'forbidden' })
    })

    // An admin of one customer makes itself a token for all.
    test('a limited admin hands on no more than its own connections', async () => {
      const limited = await makeToken(api, ['admin'], {
        connections: [CONNECTION, OTHER_CONNECTION],
      })
      const forbidden = [
        {},
        { connections: null },
        { connections: ['con_2222222222222222'] },
        { connections: [CONNECTION, 'con_2222222222222222'] },
      ]
      for (const limits of forbidden) {
        const json = { name: 'more', scopes: ['numbers:read'], ...limits }
        const sent = await call(api, 'POST', '/v1/tokens', { token: limited.token, json })
        expect(sent.json, JSON.stringify(limits)).toMatchObject({ code: 'forbidden' })
      }
      const one = await makeToken(api, ['admin'], {
        by: limited.token,
        connections: [CONNECTION],
      })
      const mine = await call(api, 'GET', '/v1/tokens', { token: one.token })
      expect(mine.json).toMatchObject({ data: [{ id: one.id, connections: [CONNECTION] }] })
    })

    test('an unknown scope or a list of no connections makes no token', async () => {
      const wrong = [
        { scopes: ['everything'] },
        { scopes: [] },
        { scopes: ['numbers:read'], connections: [] },
        { scopes: ['numbers:read'], connections: ['*'] },
        { scopes: ['numbers:read'], connections: ['con_'] },
      ]
      for (const fields of wrong) {
        const sent = await call(api, 'POST', '/v1/tokens', { json: { name: 'wrong', ...fields } })
        expect(sent.json, JSON.stringify(fields)).toMatchObject({ code: 'invalid_request' })
      }
    })
  })
}
