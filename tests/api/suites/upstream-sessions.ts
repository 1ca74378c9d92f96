import { DAY, SECOND } from '@latchkey/core'
import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf, publishTo, readFresh } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'

const { onprem } = SAMPLE
const LOGIN = '/v1/users/login'
const KEY_PATH = '/v1/settings/business/whatsapp_business_encryption'
const MANY = 20
const GOOD = { username: onprem.username, password: onprem.password }

/** The login to an On-Premises deployment: once for all calls, renewed once, and never in a loop. */
export function upstreamSessionsSuite(open: OpenApi): void {
  describe('an upstream session', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const logins = async () => (await api.sandbox.requests({ path: LOGIN })).requests.length
    const writes = async () => (await api.sandbox.state('onprem')).numbers[0]?.writes
    const numberAs = async (credentials: object) => {
      const connection = { ...connectionTo(api, 'onprem'), credentials }
      const connectionId = await make(api, '/v1/connections', connection)
      const draft = { connectionId, upstreamId: onprem.phoneNumber }
      return { connectionId, numberId: await make(api, '/v1/numbers', draft) }
    }
    const patch = (connectionId: string, credentials: object) =>
      call(api, 'PATCH', `/v1/connections/${connectionId}`, { json: { credentials } })
    /** Whose session the last call on the key was made with. */
    const lastUser = async () => {
      const { requests } = await api.sandbox.requests({ path: KEY_PATH })
      const [, claims = ''] = requests.at(-1)?.headers['authorization']?.split('.') ?? []
      return atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
    }

    test('serves all calls of its connection with one login', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'onprem')
      await publishTo(api, numberId, key)
      await readFresh(api, numberId)
      await call(api, 'POST', `/v1/connections/${connectionId}/check`)
      expect(await logins()).toBe(1)
    })

    test('that ended at the upstream is renewed once, and the key is published once', async () => {
      const { numberId } = await makeNumber(api, 'onprem')
      await readFresh(api, numberId)
      await api.sandbox.expireTokens('onprem')
      const put = await publishTo(api, numberId, key)
      expect(put.status, put.text).toBe(200)
      expect(put.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
      expect([await logins(), await writes()]).toEqual([2, 1])
    })

    test('that is about to end by its own word is renewed before it is used', async () => {
      const { numberId } = await makeNumber(api, 'onprem')
      await readFresh(api, numberId)
      await api.sandbox.clearRequests()
      // What is due by then is done on the way, and is as good a first call as the read below.
      await api.advance(7 * DAY)
      expect((await readFresh(api, numberId)).status).toBe(200)
      const { requests } = await api.sandbox.requests()
      expect([requests[0]?.path, requests.at(-1)?.path]).toEqual([LOGIN, KEY_PATH])
      expect(requests.filter(({ status }) => status === 401)).toEqual([])
      expect(await logins()).toBe(1)
    })

    for (const [what, act] of [
      ['reads', (id: string) => readFresh(api, id)],
      ['publishes', (id: string) => publishTo(api, id, key)],
    ] as const) {
      test(`is opened once for ${MANY} ${what} at once, and renewed once for ${MANY} more`, async () => {
        const { numberId } = await makeNumber(api, 'onprem')
        const all = () => Promise.all(Array.from({ length: MANY }, () => act(numberId)))
        const allowed = what === 'reads' ? [200] : [200, 409]
        const first = await all()
        for (const sent of first) expect(allowed, sent.text).toContain(sent.status)
        expect(first.some((sent) => sent.status === 200)).toBe(true)
        expect(await logins()).toBe(1)
        await api.sandbox.expireTokens('onprem')
        for (const sent of await all()) expect(allowed, sent.text).toContain(sent.status)
        expect(await logins()).toBe(2)
      })
    }

    test('whose credentials are refused is not asked for again until they change', async () => {
      // Upstreams lock accounts after a few wrong logins.
      const { connectionId, numberId } = await numberAs({ ...GOOD, password: 'Wrong-Password-1' })
      const put = await publishTo(api, numberId, key)
      expect(put.status, put.text).toBe(502)
      expect(put.json).toMatchObject({
        code: 'upstream_unauthorized',
        retryable: false,
        upstream: { provider: 'onprem', status: 401, code: '1005', requestId: 'sandbox-1' },
      })
      for (let again = 0; again < 3; again += 1) {
        expect((await publishTo(api, numberId, key)).json).toMatchObject({
          code: 'upstream_unauthorized',
        })
        expect((await readFresh(api, numberId)).status).toBe(502)
      }
      expect(await logins()).toBe(1)
      expect((await eventsOf(api, numberId)).map((each) => each.type)).toEqual([
        'number.created',
        ...Array.from({ length: 4 }, () => ['key.publish_requested', 'key.publish_failed']).flat(),
      ])

      expect((await patch(connectionId, { password: onprem.password })).status).toBe(200)
      const better = await publishTo(api, numberId, key)
      expect(better.status, better.text).toBe(200)
      expect([await logins(), await writes()]).toEqual([2, 1])
    })

    test('whose credentials are refused is asked for once more after a pause', async () => {
      const { numberId } = await numberAs({ ...GOOD, password: 'Wrong-Password-1' })
      const asked = async () => {
        expect((await readFresh(api, numberId)).status).toBe(502)
        return logins()
      }
      expect([await asked(), await asked()]).toEqual([1, 1])
      await api.advance(30 * SECOND)
      expect([await asked(), await asked()]).toEqual([2, 2])
      // A clock that goes back must not make the pause as long as it went.
      await api.advance(-DAY)
      expect([await asked(), await asked()]).toEqual([3, 3])
    })

    test('that the upstream calls ended right after a login is not renewed again and again', async () => {
      const { numberId } = await makeNumber(api, 'onprem')
      await api.sandbox.addFault({
        upstream: 'onprem',
        path: KEY_PATH,
        times: null,
        answer: { kind: 'respond', status: 401 },
      })
      expect((await readFresh(api, numberId)).json).toMatchObject({ code: 'upstream_unauthorized' })
      expect(await logins()).toBe(2)
    })

    test('of a user whose password has to be changed first is told so, by the upstream’s code', async () => {
      const { numberId } = await numberAs({
        username: onprem.freshUsername,
        password: onprem.freshPassword,
      })
      for (let again = 0; again < 2; again += 1) {
        expect((await publishTo(api, numberId, key)).json).toMatchObject({
          code: 'upstream_unauthorized',
        })
      }
      const log = await eventsOf(api, numberId)
      expect(log.find((each) => each.type === 'key.publish_failed')?.data).toMatchObject({
        code: 'upstream_unauthorized',
        upstream: { status: 401, code: '1024' },
      })
      expect([await logins(), await writes()]).toEqual([1, 0])
    })

    test('that cannot be opened now leaves a publish certainly undone', async () => {
      const { numberId } = await makeNumber(api, 'onprem')
      await api.sandbox.addFault({
        upstream: 'onprem',
        path: LOGIN,
        times: null,
        answer: { kind: 'reset' },
      })
      expect((await publishTo(api, numberId, key)).json).toMatchObject({
        code: 'upstream_unavailable',
        retryable: true,
      })
      expect((await eventsOf(api, numberId)).at(-1)?.type).toBe('key.publish_failed')
      await api.sandbox.clearFaults()
      expect((await publishTo(api, numberId, key)).status).toBe(200)
    })

    // A login of before a change of credentials must neither stand in for, nor hold up, the new ones.
    test.each([
      ['is given', GOOD.password],
      ['is refused', 'Wrong-Password-1'],
    ])('that %s with old credentials after they were changed is not used', async (_, password) => {
      const { connectionId, numberId } = await numberAs({ ...GOOD, password })
      await api.sandbox.addFault({ upstream: 'onprem', path: LOGIN, answerLatencyMs: 400 })
      const slow = readFresh(api, numberId)
      while ((await logins()) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      const changed = await patch(connectionId, {
        username: onprem.userUsername,
        password: onprem.userPassword,
      })
      expect(changed.status, changed.text).toBe(200)
      await slow
      const after = await readFresh(api, numberId)
      expect(after.status, after.text).toBe(200)
      expect(await lastUser()).toContain(`"user":"${onprem.userUsername}"`)
    })
  })
}
