import type { Scope } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectProblem } from '../harness/problem.ts'
import { makeToken } from '../harness/tokens.ts'
import { makeTrigger } from '../harness/triggers.ts'

const OTHERS: readonly Scope[] = ['connections:write', 'numbers:read', 'keys:write', 'events:read']

/** Nobody hands on by a trigger what they do not have, or what nobody can do. */
export function triggersRightsSuite(open: OpenApi): void {
  describe('making a trigger', () => {
    let api: ApiHarness
    let numberId: string
    let connectionId: string
    let pbxId: string
    beforeEach(async () => {
      api = await open()
      ;({ numberId, connectionId } = await makeNumber(api, 'graph'))
      pbxId = await make(api, '/v1/connections', connectionTo(api, 'pbx'))
    })
    afterEach(() => api.close())

    const ask = (json: Readonly<Record<string, unknown>>, token?: string) =>
      call(api, 'POST', '/v1/triggers', {
        json: { name: 'test', ...json },
        ...(token === undefined ? {} : { token }),
      })

    test('takes the scope of its action beside the one for webhooks', async () => {
      const cases = [
        ['rotate', { numberId }, 'rotations:write'],
        ['republish', { numberId }, 'numbers:write'],
        ['publish', { numberId }, 'numbers:write'],
        ['deploy-certificate', { connectionId: pbxId }, 'certificates:write'],
      ] as const
      for (const [action, target, scope] of cases) {
        const lacking = await makeToken(api, ['webhooks:write', ...OTHERS])
        const refused = await ask({ action, target }, lacking.token)
        expect((await expectProblem(api, refused, 'forbidden')).detail).toContain(scope)
        const holding = await makeToken(api, ['webhooks:write', scope])
        expect((await ask({ action, target }, holding.token)).status).toBe(201)
        const alone = await makeToken(api, [scope])
        await expectProblem(api, await ask({ action, target }, alone.token), 'forbidden')
      }
    })

    test('of a connection’s refresh takes the scopes of all that is read', async () => {
      const { token } = await makeToken(api, ['webhooks:write', 'numbers:read'])
      const refresh = (target: object) => ask({ action: 'refresh', target }, token)
      expect((await refresh({ numberId })).status).toBe(201)
      await expectProblem(api, await refresh({ connectionId }), 'forbidden')
    })

    // A token that is limited to one shop must not make a trigger that rotates another's.
    test('reaches no connection that the token is not for', async () => {
      const other = await makeNumber(api, 'kaleyra')
      const { token } = await makeToken(api, ['webhooks:write', 'numbers:write'], {
        connections: [connectionId],
      })
      const targets = [
        { numberId: other.numberId },
        { numbers: [numberId, other.numberId] },
        { connectionId: other.connectionId },
        { provider: 'graph' },
        { all: true },
        // Told by its id alone: whether there is one, it must not learn.
        { numberId: other.numberId.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
      ]
      for (const target of targets) {
        await expectProblem(api, await ask({ action: 'publish', target }, token), 'forbidden')
      }
      for (const target of [{ numberId }, { connectionId }]) {
        expect((await ask({ action: 'publish', target }, token)).status).toBe(201)
      }
    })

    test('and seeing or changing one is for who may reach what it reaches', async () => {
      const all = await makeTrigger(api, { action: 'refresh', target: { all: true } })
      const own = await makeTrigger(api, { action: 'refresh', target: { numberId } })
      const { token } = await makeToken(api, ['webhooks:write', 'webhooks:read', 'numbers:read'], {
        connections: [connectionId],
      })
      const listed = await call(api, 'GET', '/v1/triggers', { token })
      expect(listed.json).toMatchObject({ data: [{ id: own.id }], nextCursor: null })
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/rotate-secret'],
      ] as const) {
        const sent = await call(api, method, `/v1/triggers/${all.id}${path}`, { token })
        await expectProblem(api, sent, 'not_found')
      }
      const path = `/v1/triggers/${own.id}`
      expect((await call(api, 'POST', `${path}/rotate-secret`, { token })).status).toBe(200)
      expect((await call(api, 'DELETE', path, { token })).status).toBe(204)
    })

    // Who may see webhooks alone would else set off what they may not do, by a secret of their own.
    test('and giving one a new secret takes the scopes that it grants', async () => {
      const { id } = await makeTrigger(api, { action: 'publish', target: { numberId } })
      const { token } = await makeToken(api, ['webhooks:write'])
      const sent = await call(api, 'POST', `/v1/triggers/${id}/rotate-secret`, { token })
      expect((await expectProblem(api, sent, 'forbidden')).detail).toContain('numbers:write')
    })

    test('refuses what cannot be done', async () => {
      const certificateId = `crt_${pbxId.slice('con_'.length)}000000000000`
      const absentId = numberId.replace(/.$/, (last) => (last === 'z' ? 'y' : 'z'))
      const cases = [
        [{ action: 'publish', target: { connectionId: pbxId } }, 'unsupported_operation'],
        [{ action: 'deploy-certificate', target: { connectionId } }, 'unsupported_operation'],
        [{ action: 'deploy-certificate', target: { certificateId } }, 'not_found'],
        [{ action: 'publish', target: { connectionId: 'con_0000000000000000' } }, 'not_found'],
        [{ action: 'publish', target: { numberId: absentId } }, 'not_found'],
      ] as const
      for (const [json, code] of cases) await expectProblem(api, await ask(json), code)
    })

    test.each([
      [{ action: 'explode', target: { all: true } }, '/action'],
      [{ action: 'publish', target: {} }, '/target'],
      [{ action: 'publish', target: { certificateId: `crt_${'0'.repeat(28)}` } }, '/target'],
      [{ action: 'deploy-certificate', target: { all: true } }, '/target'],
      [{ action: 'deploy-certificate', target: { provider: 'pbx' } }, '/target'],
      [{ action: 'publish', target: { numberId: 'x' } }, '/target/numberId'],
      [{ action: 'publish', target: { numbers: [] } }, '/target/numbers'],
      [{ action: 'publish', target: { all: true }, rotation: {} }, '/rotation'],
      [
        { action: 'rotate', target: { all: true }, rotation: { overlapSeconds: 1 } },
        '/rotation/overlapSeconds',
      ],
      [{ action: 'refresh', target: { all: true }, name: '' }, '/name'],
      [{ action: 'refresh', target: { all: true }, secret: 'whsec_x' }, '/secret'],
    ])('refuses %j', async (json, pointer) => {
      await expectProblem(api, await ask(json), 'invalid_request', [pointer])
    })
  })
}
