import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'

const ELSEWHERE = 'http://127.0.0.1:1/onprem'

/** A connection that is pointed at another host. */
export function movingSuite(open: OpenApi): void {
  describe('moving a connection', () => {
    let api: ApiHarness

    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    // Whoever may change a connection points it at a host of their own, and reads the password there.
    test('PATCH of the host wants every credential given again, and sends none before', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const path = `/v1/connections/${connectionId}`
      const alone = await call(api, 'PATCH', path, { json: { config: { baseUrl: ELSEWHERE } } })
      expect(alone.status, alone.text).toBe(400)
      expect(alone.json).toMatchObject({
        code: 'invalid_request',
        errors: [{ pointer: '/credentials/username' }, { pointer: '/credentials/password' }],
      })
      const half = await call(api, 'PATCH', path, {
        json: { config: { baseUrl: ELSEWHERE }, credentials: { username: 'admin' } },
      })
      expect(half.json).toMatchObject({ errors: [{ pointer: '/credentials/password' }] })
      const kept = await call(api, 'GET', path)
      expect(kept.json).toMatchObject({ config: { baseUrl: api.urls.onprem } })
      const { credentials } = connectionTo(api, 'onprem')
      const whole = await call(api, 'PATCH', path, {
        json: { config: { baseUrl: ELSEWHERE }, credentials },
      })
      expect(whole.status, whole.text).toBe(200)
    })

    // Behind a shared host each path can be somebody else's deployment, which would be sent the password all the same.
    test('PATCH of the path wants them too', async () => {
      const { connectionId } = await makeNumber(api, 'onprem')
      const path = `/v1/connections/${connectionId}`
      const patch = (baseUrl: string) => call(api, 'PATCH', path, { json: { config: { baseUrl } } })
      const elsewhere = await patch(`${api.urls.onprem}-of-another`)
      expect(elsewhere.status, elsewhere.text).toBe(400)
      expect(elsewhere.json).toMatchObject({
        errors: [{ pointer: '/credentials/username' }, { pointer: '/credentials/password' }],
      })
      expect((await patch(`${api.urls.onprem}/`)).status).toBe(200)
    })

    test('its numbers are taken at the new address, and free at the old one', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'onprem')
      const there = { ...connectionTo(api, 'onprem'), config: { baseUrl: ELSEWHERE } }
      const path = `/v1/connections/${connectionId}`
      const { credentials } = there
      const moved = await call(api, 'PATCH', path, {
        json: { config: there.config, credentials },
      })
      expect(moved.status, moved.text).toBe(200)
      const upstreamId = UPSTREAM_NUMBERS.onprem
      const second = await make(api, '/v1/connections', there)
      const taken = await call(api, 'POST', '/v1/numbers', {
        json: { connectionId: second, upstreamId },
      })
      expect(taken.status, taken.text).toBe(409)
      expect(taken.text).toContain(numberId)
      expect((await makeNumber(api, 'onprem')).numberId).not.toBe(numberId)
    })

    test('it stays where it was when a number is known at the new address', async () => {
      const there = { ...connectionTo(api, 'onprem'), config: { baseUrl: ELSEWHERE } }
      const second = await make(api, '/v1/connections', there)
      const upstreamId = UPSTREAM_NUMBERS.onprem
      await make(api, '/v1/numbers', { connectionId: second, upstreamId })
      const { connectionId } = await makeNumber(api, 'onprem')
      const { config, credentials } = there
      const path = `/v1/connections/${connectionId}`
      const refused = await call(api, 'PATCH', path, { json: { config, credentials } })
      expect(refused.status, refused.text).toBe(409)
      const kept = await call(api, 'GET', path)
      expect(kept.json).toMatchObject({ config: { baseUrl: api.urls.onprem } })
    })

    // A client that gives up waiting and sends its PATCH again must not leave the number free for another connection.
    test('its numbers stay taken when it is moved twice at once', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'onprem')
      const there = { ...connectionTo(api, 'onprem'), config: { baseUrl: ELSEWHERE } }
      const { config, credentials } = there
      const path = `/v1/connections/${connectionId}`
      const moves = await Promise.all(
        [1, 2, 3].map(() => call(api, 'PATCH', path, { json: { config, credentials } })),
      )
      expect(moves.map(({ status }) => status)).toContain(200)
      const second = await make(api, '/v1/connections', there)
      const upstreamId = UPSTREAM_NUMBERS.onprem
      const taken = await call(api, 'POST', '/v1/numbers', {
        json: { connectionId: second, upstreamId },
      })
      expect(taken.status, taken.text).toBe(409)
      expect(taken.text).toContain(numberId)
    })

    test('what was read at the old address is not told of the new one', async () => {
      const { connectionId, numberId } = await makeNumber(api, 'onprem')
      const { pem } = await freshKey()
      const keyPath = `/v1/numbers/${numberId}/encryption-key`
      const published = await call(api, 'PUT', keyPath, { json: { publicKey: pem } })
      expect(published.json, published.text).toMatchObject({ inSync: true })
      const { credentials } = connectionTo(api, 'onprem')
      const moved = await call(api, 'PATCH', `/v1/connections/${connectionId}`, {
        json: { config: { baseUrl: ELSEWHERE }, credentials },
      })
      expect(moved.status, moved.text).toBe(200)
      const number = await call(api, 'GET', `/v1/numbers/${numberId}`)
      expect(number.json).toMatchObject({ inSync: false, signatureStatus: 'unknown' })
      const listed = await call(api, 'GET', '/v1/numbers?inSync=true')
      expect(listed.json).toMatchObject({ data: [] })
      // Nobody listens there.
      expect((await call(api, 'GET', keyPath)).status).toBe(503)
    })
  })
}
