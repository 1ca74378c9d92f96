import { HOUR } from '@latchkey/core'
import { compactVerify, importJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, make, connectionTo, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'

const verification = z.object({
  valid: z.boolean(),
  checked: z.number(),
  subjects: z.number(),
  broken: z.array(z.object({ subject: z.string(), sequence: z.number() })),
  anchor: z
    .object({
      at: z.string(),
      subjects: z.number(),
      digest: z.string(),
      jws: z.string(),
      valid: z.boolean(),
    })
    .nullable(),
})
const listed = z.object({ data: z.array(z.object({ subject: z.string() })), nextCursor: z.null() })
const deployment = z.object({
  anchorKeys: z.object({
    keys: z.tuple([
      z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    ]),
  }),
})

/** The log's integrity, as anybody can check it; tampering is proven in `tests/audit`. */
export function anchorsSuite(open: OpenApi): void {
  describe('GET /v1/events/verify', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const verify = async () =>
      verification.parse((await call(api, 'GET', '/v1/events/verify?consistency=strong')).json)

    test('counts what it has checked', async () => {
      await makeNumber(api, 'graph')
      await makeNumber(api, 'kaleyra')
      await api.advance(0)
      const log = listed.parse((await call(api, 'GET', '/v1/events?limit=200')).json)
      expect(await verify()).toMatchObject({
        valid: true,
        checked: log.data.length,
        subjects: new Set(log.data.map(({ subject }) => subject)).size,
        broken: [],
      })
    })

    test('holds the log against an anchor that is signed anew each hour', async () => {
      await makeNumber(api, 'graph')
      await api.advance(HOUR)
      const first = (await verify()).anchor
      await make(api, '/v1/connections', connectionTo(api, 'kaleyra'))
      await api.advance(0)
      const later = await verify()
      // What came after the anchor neither breaks it nor is in it.
      expect(later).toMatchObject({ valid: true, anchor: { ...first, valid: true } })
      expect(later.subjects).toBe((first?.subjects ?? 0) + 1)

      await api.advance(HOUR)
      const second = (await verify()).anchor
      expect(second).toMatchObject({ valid: true, subjects: later.subjects })
      expect(second?.digest).not.toBe(first?.digest)
      expect(Date.parse(second?.at ?? '')).toBeGreaterThanOrEqual(
        Date.parse(first?.at ?? '') + HOUR,
      )
    })

    test("signs its anchor with the deployment's key, which everybody can read", async () => {
      await makeNumber(api, 'graph')
      await api.advance(HOUR)
      const { anchor } = await verify()
      const known = await call(api, 'GET', '/.well-known/latchkey.json', { token: null })
      const [jwk] = deployment.parse(known.json).anchorKeys.keys
      expect(jwk).not.toHaveProperty('d')
      const { kty, crv, x } = jwk
      const key = await importJWK({ kty, crv, x }, 'EdDSA')
      const { payload } = await compactVerify(anchor?.jws ?? '', key)
      const { at, subjects, digest } = anchor ?? {}
      const signed: unknown = JSON.parse(new TextDecoder().decode(payload))
      expect(signed).toMatchObject({ at, subjects, digest })
      expect(digest).toMatch(/^[0-9a-f]{64}$/)
    })
  })
}
