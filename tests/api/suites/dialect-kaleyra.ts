import { SAMPLE } from '@latchkey/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, type CallOptions, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { freshKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'

const { sid, phoneNumber } = SAMPLE.kaleyra
const FORM = 'application/x-www-form-urlencoded'
const FIELD = 'business_public_key'
const DONE = { code: 'WA-200', message: 'Request Processed Successfully', error: {} }

const formOf = (pem: string): CallOptions => ({
  type: FORM,
  body: new URLSearchParams({ [FIELD]: pem }).toString(),
})

/** What a program that was written for Kaleyra's API gets here. */
export function dialectKaleyraSuite(open: OpenApi): void {
  describe('the Kaleyra dialect', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'kaleyra'))
    })
    afterEach(() => api.close())

    const ask = (
      method: string,
      {
        key = api.adminToken,
        phone = phoneNumber,
        ...options
      }: CallOptions & {
        key?: string
        phone?: string
      } = {},
    ) => {
      const path = `/kaleyra/${connectionId}/v2/${sid}/whatsapp/${phone}/flows_encryption`
      return call(api, method, path, { ...options, token: null, headers: { 'api-key': key } })
    }

    test('publishes a key, and tells what was published', async () => {
      const { pem } = await freshKey()
      const sent = await ask('POST', formOf(pem))
      expect([sent.status, sent.json]).toEqual([200, { ...DONE, data: { success: true } }])
      expect(sent.headers.get('cache-control')).toBe('no-store')
      // Kaleyra has no safe read: what its status is, nobody can say.
      const read = await ask('GET', { phone: encodeURIComponent(phoneNumber) })
      expect([read.status, read.json]).toEqual([200, { ...DONE, data: { [FIELD]: pem.trimEnd() } }])
    })

    test('publishes to the Cloud API what its caller thinks is Kaleyra', async () => {
      const { pem } = await freshKey()
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
      const phone = SAMPLE.graph.unsetNumberId
      expect((await ask('POST', { ...formOf(pem), phone })).status).toBe(200)
      expect((await ask('GET', { phone })).json).toMatchObject({
        data: { [FIELD]: pem.trimEnd(), business_public_key_signature_status: 'VALID' },
      })
    })

    test('prints the page’s own answer to a wrong key', async () => {
      const wrong = await ask('GET', { key: `lk_${'x'.repeat(43)}` })
      expect([wrong.status, wrong.json]).toEqual([
        401,
        {
          code: 'RBC001',
          message: 'Incorrect SID or API key.',
          data: [],
          error: { error: 'Incorrect SID or API key.' },
        },
      ])
      const reader = await makeToken(api, ['numbers:read'])
      const { pem } = await freshKey()
      const sent = await ask('POST', { ...formOf(pem), key: reader.token })
      expect([sent.status, sent.json]).toMatchObject([401, { code: 'WA-401', data: {} }])
    })

    test('refuses in its envelope what is no key in a form, and sends nothing', async () => {
      const { pem } = await freshKey()
      const small = pem.replace(/\n.{64}\n/, '\n')
      for (const options of [{}, formOf(''), formOf(small), { json: { [FIELD]: pem } }]) {
        const sent = await ask('POST', options)
        expect([sent.status, sent.json], sent.text).toMatchObject([
          400,
          { code: 'WA-400', message: 'Refer to correct payload format', data: {} },
        ])
      }
      expect((await ask('GET')).json).toMatchObject({ code: 'WA-400' })
      expect((await api.sandbox.requests({ upstream: 'kaleyra' })).requests).toEqual([])
    })
  })
}
