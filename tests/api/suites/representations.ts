import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importJWK } from 'jose'
import * as z from 'zod'
import { call, makeNumber, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { FINGERPRINT, SPKI } from '../harness/key-fixtures.ts'
import { expectProblem } from '../harness/problem.ts'

const JSON_TYPE = 'application/json'
const PEM = 'application/x-pem-file'
const JWK = 'application/jwk+json'
const TYPES = [JSON_TYPE, PEM, JWK] as const

const jwkFields = z.looseObject({ kty: z.literal('RSA'), n: z.string(), e: z.string() })

/** One key, three representations, and the validators of each (RFC 9110 §8.8, §12.5.1, §13.1). */
export function representationsSuite(open: OpenApi): void {
  describe("a number's key is represented", () => {
    let api: ApiHarness
    let path: string
    let unsetPath: string

    beforeAll(async () => {
      api = await open()
      const { numberId, connectionId } = await makeNumber(api, 'graph')
      path = `/v1/numbers/${numberId}/encryption-key`
      const put = await call(api, 'PUT', path, { json: { publicKey: SPKI } })
      expect(put.status, put.text).toBe(200)
      const json = { connectionId, upstreamId: '300000000000002' }
      const unset = await call(api, 'POST', '/v1/numbers', { json })
      unsetPath = `${unset.headers.get('location')}/encryption-key`
    })
    afterAll(() => api.close())

    const get = (headers: Record<string, string> = {}, at = path): Promise<Sent> =>
      call(api, 'GET', at, { headers })

    test('as JSON, as PEM and as a JWK of the same key', async () => {
      const json = await get()
      expect(json.json).toMatchObject({ publicKey: SPKI, fingerprint: FINGERPRINT })
      const pem = await get({ accept: PEM })
      expect(pem.text).toBe(SPKI)
      const { kty, n, e, ...rest } = jwkFields.parse((await get({ accept: JWK })).json)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi'])
        expect(rest).not.toHaveProperty(secret)
      const key = await importJWK({ kty, n, e, ext: true }, 'RSA-OAEP-256')
      if (!(key instanceof CryptoKey)) throw new Error('Not a public key')
      const spki = await crypto.subtle.exportKey('spki', key)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', spki))
      const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      expect(`sha256:${hex}`).toBe(FINGERPRINT)
    })

    test.each([
      ['*/*', JSON_TYPE],
      ['application/*', JSON_TYPE],
      ['text/html', JSON_TYPE],
      ['', JSON_TYPE],
      [',;q=', JSON_TYPE],
      ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', JSON_TYPE],
      [`${PEM}, */*;q=0.1`, PEM],
      [`*/*;q=0.1, ${PEM}`, PEM],
      [`${JWK};q=0.4, ${PEM};q=0.5`, PEM],
      [`${JWK}, */*`, JWK],
      [`*/*, ${JWK}`, JWK],
      [`${JSON_TYPE};q=0, */*;q=0.5`, PEM],
      [`${JSON_TYPE};q=0`, JSON_TYPE],
      [`${JWK}, ${PEM}`, PEM],
      [`${PEM};q=0, ${JWK};q=0.1`, JWK],
      [`${JSON_TYPE};q=0.2, ${PEM};q=0.9`, PEM],
      [`${JSON_TYPE};q=0, ${PEM}`, PEM],
      // The wildcard stands for JSON, which it prefers; the more specific range lowers PEM alone.
      [`*/*, ${PEM};q=0.5`, JSON_TYPE],
      [PEM.toUpperCase(), PEM],
      [`${PEM};charset=utf-8`, PEM],
    ])('for Accept: %s as %s', async (accept, type) => {
      const sent = await get({ accept })
      expect([sent.status, sent.headers.get('content-type')]).toEqual([200, type])
      expect(sent.headers.get('vary')).toBe('Accept')
    })

    test('each with a strong tag of its own, of fingerprint and status', async () => {
      const tags = await Promise.all(
        TYPES.map(async (accept) => (await get({ accept })).headers.get('etag') ?? ''),
      )
      expect(new Set(tags).size).toBe(TYPES.length)
      for (const tag of tags) expect(tag).toMatch(/^"[\x21\x23-\x7e]+"$/)
      expect(tags.every((tag) => tag.includes(FINGERPRINT))).toBe(true)
      const unset = await get({}, unsetPath)
      expect(tags).not.toContain(unset.headers.get('etag'))
    })

    test.each(TYPES)('as %s once for each caller: If-None-Match', async (accept) => {
      const tag = (await get({ accept })).headers.get('etag') ?? ''
      for (const known of [tag, `W/${tag}`, `"x", ${tag}`, `W/"x",${tag} ,"y"`, '*']) {
        const sent = await get({ accept, 'if-none-match': known })
        expect([known, sent.status, sent.text]).toEqual([known, 304, ''])
        expect(sent.headers.get('etag')).toBe(tag)
        expect(sent.headers.get('vary')).toBe('Accept')
      }
      for (const other of ['"x"', tag.replaceAll('"', ''), tag.slice(0, -1), tag.toUpperCase()]) {
        const sent = await get({ accept, 'if-none-match': other })
        expect([other, sent.status]).toEqual([other, 200])
      }
      const elsewhere = TYPES.find((each) => each !== accept) ?? ''
      expect((await get({ accept: elsewhere, 'if-none-match': tag })).status).toBe(200)
    })

    test('not at all as PEM or JWK where none is set, whatever the caller has', async () => {
      const json = await get({}, unsetPath)
      expect(json.json).toMatchObject({
        signatureStatus: 'unset',
        publicKey: null,
        fingerprint: null,
        inSync: false,
        keyId: null,
        publishedAt: null,
      })
      for (const accept of [PEM, JWK]) {
        await expectProblem(api, await get({ accept }, unsetPath), 'not_found')
        const sent = await get({ accept, 'if-none-match': '*' }, unsetPath)
        await expectProblem(api, sent, 'not_found')
        const head = await call(api, 'HEAD', unsetPath, { headers: { accept } })
        expect([head.status, head.text]).toEqual([404, ''])
      }
    })

    test('to HEAD as to GET, without its body', async () => {
      for (const accept of TYPES) {
        for (const known of [{}, { 'if-none-match': '*' }]) {
          const headers = { accept, ...known }
          const [head, same] = [await call(api, 'HEAD', path, { headers }), await get(headers)]
          expect(head.text).toBe('')
          expect([head.status, ...telling(head)]).toEqual([same.status, ...telling(same)])
          // On a socket GET is sent with its length, which HEAD has to announce and not its own.
          const length = new TextEncoder().encode(same.text).byteLength
          const announced = head.headers.get('content-length')
          expect(announced).toBe(same.status === 304 ? null : String(length))
        }
      }
    })

    test('afresh for no-cache, ?fresh=true and a strong read alike', async () => {
      for (const [query, headers, source] of [
        ['', {}, 'cache'],
        ['?consistency=strong', {}, 'cache'],
        ['?consistency=bounded', {}, 'cache'],
        ['?fresh=false', {}, 'cache'],
        ['?fresh=true', {}, 'upstream'],
        ['', { 'cache-control': 'no-cache' }, 'upstream'],
        ['', { 'cache-control': 'max-age=0, No-Cache' }, 'upstream'],
        ['?fresh=true&consistency=strong', {}, 'upstream'],
      ] as const) {
        await api.sandbox.clearRequests()
        const sent = await call(api, 'GET', path + query, { headers })
        expect([query, headers, sent.json]).toMatchObject([query, headers, { source }])
        const { requests } = await api.sandbox.requests({ upstream: 'graph' })
        expect(requests).toHaveLength(source === 'upstream' ? 1 : 0)
      }
    })
  })
}

/** What does not differ from one request to the next. */
function telling({ headers }: Sent): readonly string[] {
  return [...headers]
    .filter(([name]) => !['x-request-id', 'server-timing', 'content-length'].includes(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()
}
