import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call } from '../harness/client.ts'
import { makeEndpoint, makeSubject, receivedBy, rename } from '../harness/endpoints.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { newReceiver } from '../harness/receiver-control.ts'
import { makeToken } from '../harness/tokens.ts'

const DAY = 86_400_000
const PATH = '/v1/webhook-endpoints'
/** Nothing is ever sent there: what it asks for does not happen here. */
const URL_OUTSIDE = 'https://hooks.example.com/T0/path?token=in-the-url'
const UNHEARD = ['certificate.vanished']

const listed = z.object({ data: z.array(z.object({ id: z.string() })) })
const rotated = z.object({ secret: z.string().startsWith('whsec_'), previousExpiresAt: z.string() })

/** Where events are sent to: made, shown, changed and deleted. */
export function webhookEndpointsSuite(open: OpenApi): void {
  describe('webhook endpoints', () => {
    let api: ApiHarness

    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    test('POST makes one, and shows its secret this once', async () => {
      const json = { url: URL_OUTSIDE, events: ['certificate.vanished', 'rotation.*'] }
      const made = await call(api, 'POST', PATH, { json })
      expect(made.status, made.text).toBe(201)
      const { secret, ...shown } = z.looseObject({ secret: z.string() }).parse(made.json)
      expect(shown).toMatchObject({ ...json, status: 'enabled', connections: null, disabled: null })
      const path = made.headers.get('location') ?? ''
      const got = await call(api, 'GET', path)
      expect(got.json).toEqual(shown)
      const list = await call(api, 'GET', PATH)
      expect(list.json).toEqual({ data: [shown], nextCursor: null })
      for (const { text } of [got, list]) expect(text).not.toContain(secret)
    })

    // Other endpoints are told of this one; the path and query of its URL may be all that protects its receiver.
    test('events tell of the host of an endpoint, and of nothing else in its URL', async () => {
      const { secret } = await makeEndpoint(api, URL_OUTSIDE, UNHEARD)
      const { text } = await call(api, 'GET', '/v1/events?type=webhook_endpoint.created')
      expect(text).toContain('hooks.example.com')
      for (const hidden of ['in-the-url', '/T0/', secret]) expect(text).not.toContain(hidden)
    })

    test.each([
      ['an event that there is not', { url: URL_OUTSIDE, events: ['key.eaten'] }, '/events/0'],
      ['no events', { url: URL_OUTSIDE, events: [] }, '/events'],
      ['plain http', { url: 'http://192.0.2.1/', events: ['*'] }, '/url'],
      ['loopback', { url: 'https://127.0.0.2/', events: ['*'] }, '/url'],
      ['a private address', { url: 'https://10.0.0.1/', events: ['*'] }, '/url'],
      ['instance metadata', { url: 'https://169.254.169.254/', events: ['*'] }, '/url'],
      ['no URL', { url: 'hooks', events: ['*'] }, '/url'],
    ])('POST refuses %s', async (_, json, pointer) => {
      const { id } = await makeEndpoint(api, URL_OUTSIDE, UNHEARD)
      const refusals = [
        await call(api, 'POST', PATH, { json }),
        await call(api, 'PATCH', `${PATH}/${id}`, { json }),
      ]
      for (const { status, json: problem } of refusals) {
        expect([status, problem]).toMatchObject([
          400,
          { code: 'invalid_request', errors: [{ pointer }] },
        ])
      }
    })

    test('PATCH changes what is told and where', async () => {
      const [before, after] = [newReceiver(api.receiversUrl), newReceiver(api.receiversUrl)]
      const subject = await makeSubject(api)
      const { id } = await makeEndpoint(api, before.url, ['key.*'])
      await rename(api, subject, 'not told')
      await api.advance(0)
      const json = { url: after.url, events: ['connection.updated'] }
      const patched = await call(api, 'PATCH', `${PATH}/${id}`, { json })
      expect(patched.json).toMatchObject({ id, ...json })
      await rename(api, subject, 'told')
      expect(await receivedBy(api, after, 1)).toHaveLength(1)
      expect(await before.received()).toEqual([])
    })

    test('DELETE ends one', async () => {
      const { id } = await makeEndpoint(api, URL_OUTSIDE, UNHEARD)
      const path = `${PATH}/${id}`
      expect((await call(api, 'DELETE', path)).status).toBe(204)
      for (const [method, below] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/deliveries'],
        ['POST', '/rotate-secret'],
      ] as const) {
        expect((await call(api, method, path + below)).status).toBe(404)
      }
    })

    test('a new secret signs beside the one before, until the overlap is over', async () => {
      const receiver = newReceiver(api.receiversUrl)
      const subject = await makeSubject(api)
      const { id, secret: first } = await makeEndpoint(api, receiver.url, ['connection.updated'])
      const path = `${PATH}/${id}/rotate-secret`
      const second = rotated.parse((await call(api, 'POST', path)).json)
      await rename(api, subject, 'both')
      const [both] = await receivedBy(api, receiver, 1)
      if (both === undefined) throw new Error('Nothing was received')
      for (const secret of [first, second.secret]) {
        expect(() => new Webhook(secret).verify(both.body, both.headers)).not.toThrow()
      }
      await api.advance(DAY)
      await rename(api, subject, 'one')
      const [, one] = await receivedBy(api, receiver, 2)
      expect(one?.headers['webhook-signature']?.split(' ')).toHaveLength(1)
      const third = rotated.parse(
        (await call(api, 'POST', path, { json: { overlapSeconds: 0 } })).json,
      )
      expect(new Set([first, second.secret, third.secret]).size).toBe(3)
      const { json } = await call(api, 'GET', `${PATH}/${id}`)
      expect(json).toMatchObject({ secrets: [{ expiresAt: null }] })
    })

    test('a token limited to connections sees, and is told, of them alone', async () => {
      const receiver = newReceiver(api.receiversUrl)
      const [own, other] = [await makeSubject(api), await makeSubject(api)]
      const limited = { connections: [own] }
      const { token } = await makeToken(api, ['webhooks:read', 'webhooks:write'], limited)
      const { id: unlimited } = await makeEndpoint(api, URL_OUTSIDE, UNHEARD)
      const { id } = await makeEndpoint(api, receiver.url, ['connection.*'], token)
      const seen = listed.parse((await call(api, 'GET', PATH, { token })).json).data
      expect(seen.map((each) => each.id)).toEqual([id])
      expect((await call(api, 'GET', `${PATH}/${unlimited}`, { token })).status).toBe(404)
      expect((await call(api, 'DELETE', `${PATH}/${unlimited}`, { token })).status).toBe(404)
      await rename(api, other, 'not told')
      await rename(api, own, 'told')
      const received = await receivedBy(api, receiver, 1)
      expect(received).toHaveLength(1)
      expect(received[0]?.body).toContain(own)
    })
  })
}
