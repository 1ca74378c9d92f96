import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { addKey, getKey, listKeys } from '../harness/ring-keys.ts'

/** The ring of keys: what is made, what is brought, and what is shown of it. */
export function keysSuite(open: OpenApi): void {
  describe('keys of the ring', () => {
    let api: ApiHarness
    let own: TestKey

    beforeAll(async () => {
      own = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    test('POST makes a key pair, and tells its public half alone', async () => {
      const sent = await call(api, 'POST', '/v1/keys', { json: { generate: true, label: 'Shop' } })
      expect(sent.status, sent.text).toBe(201)
      expect(sent.json).toMatchObject({
        label: 'Shop',
        custody: 'held',
        state: 'staged',
        numbers: [],
        retiredAt: null,
        destroyedAt: null,
        warnings: [],
      })
      expect(sent.text).not.toContain('PRIVATE')
      const path = sent.headers.get('location') ?? ''
      const got = await getKey(api, path.slice('/v1/keys/'.length))
      expect(sent.json).toEqual({ ...got, warnings: [] })
      const { publicKey, fingerprint } = got
      const inspected = await call(api, 'POST', '/v1/public-keys/inspect', { json: { publicKey } })
      expect(inspected.json).toMatchObject({ verdict: 'pass', fingerprint })
    })

    test('two keys that are made are two', async () => {
      const [one, other] = [
        await addKey(api, { generate: true }),
        await addKey(api, { generate: true }),
      ]
      expect(one.fingerprint).not.toBe(other.fingerprint)
      expect(one.label).toBeNull()
    })

    test('POST takes a private key, whose public half is as it would be published', async () => {
      const key = await addKey(api, { privateKey: own.privatePem, label: 'Brought' })
      expect(key).toMatchObject({
        label: 'Brought',
        custody: 'held',
        publicKey: own.pem,
        fingerprint: own.fingerprint,
      })
    })

    test('POST takes a public key, whose private half is somebody else’s', async () => {
      const sent = await call(api, 'POST', '/v1/keys', {
        json: { publicKey: own.pem.replaceAll('\n', '\\n') },
      })
      expect(sent.json).toMatchObject({ custody: 'external', publicKey: own.pem })
      expect(sent.json).toMatchObject({ warnings: [{ code: 'escaped_newlines' }] })
    })

    // The same key under two names would be deleted under one of them while the other is in use.
    test('a key is in the ring once, however it is brought, and the answer names it', async () => {
      const { id } = await addKey(api, { publicKey: own.pem })
      for (const json of [{ publicKey: own.pem }, { privateKey: own.privatePem }]) {
        const again = await call(api, 'POST', '/v1/keys', { json })
        expect(again.json).toMatchObject({ status: 409, code: 'conflict' })
        expect(again.text).toContain(id)
      }
      const made = await addKey(api, { generate: true })
      const brought = await call(api, 'POST', '/v1/keys', { json: { publicKey: made.publicKey } })
      expect(brought.status).toBe(409)
      expect(brought.text).toContain(made.id)
    })

    test('a key that is brought many times at once is added once', async () => {
      const json = { publicKey: own.pem }
      const sent = await Promise.all(
        Array.from({ length: 6 }, () => call(api, 'POST', '/v1/keys', { json })),
      )
      expect(sent.filter(({ status }) => status === 201)).toHaveLength(1)
      expect(sent.filter(({ status }) => status === 409)).toHaveLength(5)
      expect((await listKeys(api)).data).toHaveLength(1)
    })

    test('a key that was deleted may be brought again', async () => {
      const { id } = await addKey(api, { publicKey: own.pem })
      expect((await call(api, 'DELETE', `/v1/keys/${id}`)).status).toBe(204)
      expect((await call(api, 'GET', `/v1/keys/${id}`)).status).toBe(404)
      expect(await addKey(api, { privateKey: own.privatePem })).toMatchObject({ custody: 'held' })
    })

    test.each([
      ['nothing', {}, 400, 'invalid_request'],
      ['two things', { generate: true, publicKey: 'x' }, 400, 'invalid_request'],
      ['generate: false', { generate: false }, 400, 'invalid_request'],
      ['an unknown field', { generate: true, bits: 4096 }, 400, 'invalid_request'],
      ['a passphrase of nothing', { generate: true, passphrase: 'x' }, 400, 'invalid_request'],
      ['what is no key', { privateKey: 'none' }, 422, 'key_invalid'],
      ['what is no public key', { publicKey: 'none' }, 422, 'key_invalid'],
    ])('POST refuses %s', async (_what, json, status, code) => {
      const sent = await call(api, 'POST', '/v1/keys', { json })
      expect(sent.json).toMatchObject({ status, code })
      expect((await listKeys(api)).data).toEqual([])
    })

    test('POST refuses the halves of a key in each other’s place', async () => {
      const privately = await call(api, 'POST', '/v1/keys', { json: { publicKey: own.privatePem } })
      expect(privately.json).toMatchObject({ status: 422, code: 'key_is_private' })
      const publicly = await call(api, 'POST', '/v1/keys', { json: { privateKey: own.pem } })
      expect(publicly.json).toMatchObject({ status: 422, code: 'key_invalid' })
    })

    test.each([
      [1024, 'RSA of 1024 bits'],
      [3072, 'RSA of 3072 bits'],
    ])('POST refuses a private key of %i bits, and says what it is', async (bits, name) => {
      const { privatePem } = await freshKey(bits)
      const sent = await call(api, 'POST', '/v1/keys', { json: { privateKey: privatePem } })
      expect(sent.json).toMatchObject({ status: 422, code: 'key_invalid' })
      expect(sent.text).toContain(name)
    })

    test('GET lists keys in pages, and by what they are', async () => {
      const made = await addKey(api, { generate: true })
      const known = await addKey(api, { publicKey: own.pem })
      const ids = [made.id, known.id].toSorted()
      const first = await listKeys(api, '?limit=1')
      expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 1))
      const second = await listKeys(api, `?limit=1&cursor=${first.nextCursor}`)
      expect(second.data.map(({ id }) => id)).toEqual(ids.slice(1))
      expect((await listKeys(api, '?custody=external')).data.map(({ id }) => id)).toEqual([
        known.id,
      ])
      const byPrint = await listKeys(api, `?fingerprint=${made.fingerprint}&consistency=strong`)
      expect(byPrint.data).toEqual([await getKey(api, made.id)])
    })

    test('what is not there is not found', async () => {
      for (const id of [`key_${'0'.repeat(16)}`, 'key_1', 'unknown']) {
        for (const method of ['GET', 'DELETE']) {
          const sent = await call(api, method, `/v1/keys/${id}`)
          expect(sent.json).toMatchObject({ status: 404, code: 'not_found' })
        }
      }
    })

    test('the log tells of each key what it is, and nothing that opens anything', async () => {
      const made = await addKey(api, { generate: true, label: 'a' })
      const brought = await addKey(api, { privateKey: own.privatePem })
      await call(api, 'DELETE', `/v1/keys/${brought.id}`)
      const { fingerprint } = made
      expect(await eventsOf(api, made.id)).toMatchObject([
        {
          type: 'key.created',
          data: { custody: 'held', origin: 'generated', fingerprint, label: 'a' },
        },
      ])
      expect(await eventsOf(api, brought.id)).toMatchObject([
        { type: 'key.created', data: { custody: 'held', origin: 'imported' } },
        { type: 'key.deleted', data: { custody: 'held', fingerprint: own.fingerprint } },
      ])
    })
  })
}
