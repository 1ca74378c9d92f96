import { SECOND } from '@latchkey/core'
import { signWebhook } from '@latchkey/crypto'
import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { mintChain } from '../api/harness/certificates.ts'
import { connectionTo } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { freshKey } from '../api/harness/keys.ts'
import { deliveryOf, flowsAlert, hubSignature } from '../api/harness/meta-webhooks.ts'
import { canaryFinder } from './canaries.ts'
import { secretOf, traceFinder } from './key-traces.ts'
import { filesBelow, type Watched, watch } from './watched.ts'

const VERIFY_TOKEN = 'canary-verify-token-of-meta'
const APP_SECRET = 'canary-app-secret-of-meta'
/** In a path it is two segments. */
const SLASHED = 'whsec_AAAABBBBCCCCDDDD/EEEEFFFFGGGG'
const made = z.object({ id: z.string(), secret: z.string().optional() })

describe('what webhooks and triggers are trusted by', () => {
  let api: HostHarness
  let watched: Watched
  beforeEach(async () => {
    api = await openHostHarness()
    watched = watch(api)
  })
  afterEach(() => api.close())

  const create = async (path: string, json: unknown) => {
    const response = await api.request(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.adminToken}`,
        'content-type': 'application/json',
        'idempotency-key': 'make-it-once',
      },
      body: JSON.stringify(json),
    })
    return made.parse(await response.json())
  }
  const everything = async () => {
    for (let round = 0; round < 5; round += 1) await api.advance(10 * SECOND)
    await watched.call('GET', '/v1/events?limit=200')
    await watched.call('GET', '/v1/triggers')
    return [...watched.told(), ...filesBelow(api.folder)]
  }
  const fire = async (id: string, secret: string, json: unknown) => {
    const body = JSON.stringify(json)
    const message = { id: `msg_${id}`, at: Date.now(), body }
    const headers = await signWebhook(message, [secret])
    return watched.call('POST', `/v1/triggers/${id}`, { token: null, body, headers })
  }

  test('shows in no answer, log line, event or file', async () => {
    const usual = connectionTo(api, 'graph')
    const { id } = await create('/v1/connections', {
      ...usual,
      credentials: { ...usual.credentials, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN },
    })
    const path = `/v1/webhooks/meta/${id}`
    for (const token of [VERIFY_TOKEN, `${VERIFY_TOKEN}-wrong`]) {
      const query = `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`
      await watched.call('GET', `${path}?${query}`, { token: null })
    }
    const changes = [flowsAlert('public-key-missing')]
    const body = deliveryOf([{ id: SAMPLE.graph.wabaId, changes }])
    for (const secret of [APP_SECRET, 'wrong']) {
      const headers = { 'x-hub-signature-256': await hubSignature(body, secret) }
      await watched.call('POST', path, { token: null, body, headers })
    }
    const trigger = { name: 'canary', action: 'refresh', target: { connectionId: id } }
    const { id: triggerId, secret = '' } = await create('/v1/triggers', trigger)
    expect((await fire(triggerId, secret, {})).status).toBe(202)
    for (const mistaken of [secret, SLASHED]) {
      await watched.call('POST', `/v1/triggers/${mistaken}`, { json: {} })
    }

    const secrets = {
      VERIFY_TOKEN,
      APP_SECRET,
      secret,
      SLASHED,
      raw: secret.slice('whsec_'.length),
    }
    const found = canaryFinder(new Map(Object.entries(secrets)))
    for (const { where, content } of await everything()) expect(found(content), where).toBe(null)
  })

  // The message of a hook is a file of a server: its key goes to that server's upstream, and nowhere else.
  test('and the key of a certificate that is deployed, or refused, shows nowhere', async () => {
    const [taken, other] = [await mintChain(), await mintChain()]
    const { id: connectionId } = await create('/v1/connections', connectionTo(api, 'pbx'))
    const { id, secret = '' } = await create('/v1/triggers', {
      name: 'canary',
      action: 'deploy-certificate',
      target: { connectionId },
    })
    expect((await fire(id, secret, { pem: taken.chain, privateKey: taken.key })).status).toBe(202)
    const headers = await signWebhook({ id: 'msg_2', at: Date.now(), body: '' }, [secret])
    await watched.call('POST', `/v1/triggers/${id}`, { token: null, body: other.key, headers })
    const [one, another] = [secretOf(taken.key), secretOf(other.key)]
    for (const found of [traceFinder(one, another), traceFinder(another, one)]) {
      for (const { where, content } of await everything()) expect(found(content), where).toBe(null)
    }
  })

  test('and a private key that is sent to be published is refused, and shows nowhere', async () => {
    const [{ privatePem }, other] = [await freshKey(), await freshKey()]
    const { id: connectionId } = await create('/v1/connections', connectionTo(api, 'graph'))
    const target = { connectionId }
    const trigger = { name: 'canary', action: 'publish', target }
    const { id, secret = '' } = await create('/v1/triggers', trigger)
    const sent = await fire(id, secret, { publicKey: privatePem })
    expect(sent.json).toMatchObject({ code: 'key_is_private', status: 422 })
    const found = traceFinder(privatePem, other.privatePem)
    for (const { where, content } of await everything()) expect(found(content), where).toBe(null)
    expect((await api.sandbox.requests()).requests).toEqual([])
  })
})
