import { HOUR, MINUTE } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { mintChain, mintTrusted } from '../harness/certificates.ts'
import { call, connectionTo, make, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { makeToken } from '../harness/tokens.ts'

const answered = z.looseObject({ errcode: z.number() })
const pair = z.object({ access_token: z.string(), refresh_token: z.string() })
const listed = z.object({
  total_number: z.number(),
  certificate_list: z.array(z.looseObject({ id: z.number(), name: z.string() })),
})

const DNS = {
  dns_provider: 'alidns',
  auth_info_list: [
    { k: 'AccessKeyId', sv: 'an-access-key-id' },
    { k: 'AccessKeySecret', sv: 'an-access-key-secret' },
    { k: 'TTL', iv: 600 },
  ],
}

const codeOf = (sent: Sent) => answered.parse(sent.json).errcode

const fileOf = (type: string, name: string, text: string) => {
  const form = new FormData()
  form.set('type', type)
  form.set('file', new File([text], name))
  return form
}

/** What a program that was written for a PBX gets here. */
export function dialectPbxSuite(open: OpenApi): void {
  describe('the PBX dialect', () => {
    let api: ApiHarness
    let connectionId: string
    beforeEach(async () => {
      api = await open()
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'pbx'))
    })
    afterEach(() => api.close())

    const ask = async (
      method: string,
      endpoint: string,
      { token, json, form }: { token?: string; json?: unknown; form?: FormData } = {},
    ): Promise<Sent> => {
      const query =
        token === undefined ? '' : `${endpoint.includes('?') ? '&' : '?'}access_token=${token}`
      const path = `/pbx/${connectionId}/openapi/v1.0/${endpoint}${query}`
      if (form === undefined) return call(api, method, path, { token: null, json })
      const encoded = new Response(form)
      const body = new Uint8Array(await encoded.arrayBuffer())
      const type = encoded.headers.get('content-type') ?? ''
      return call(api, method, path, { token: null, body, type })
    }
    const login = (password = api.adminToken) =>
      ask('POST', 'get_token', { json: { username: 'any', password } })
    const tokenFor = async (password?: string) =>
      pair.parse((await login(password)).json).access_token
    test('gives tokens for a Latchkey token, renews them and takes them back', async () => {
      const sent = await login()
      expect(sent.json).toMatchObject({
        errcode: 0,
        errmsg: 'SUCCESS',
        access_token_expire_time: 1800,
        refresh_token_expire_time: 86_400,
      })
      const first = pair.parse(sent.json)
      const renewed = await ask('POST', 'refresh_token', {
        json: { refresh_token: first.refresh_token },
      })
      const second = pair.parse(renewed.json)
      expect(codeOf(await ask('GET', 'certificate/list', { token: first.access_token }))).toBe(
        10_004,
      )
      expect(codeOf(await ask('GET', 'certificate/list', { token: second.access_token }))).toBe(0)
      const again = { refresh_token: first.refresh_token }
      expect(codeOf(await ask('POST', 'refresh_token', { json: again }))).toBe(10_004)
      expect(codeOf(await ask('GET', 'del_token', { token: second.access_token }))).toBe(0)
      expect(codeOf(await ask('GET', 'certificate/list', { token: second.access_token }))).toBe(
        10_004,
      )
    })

    test('has eight sessions for a token at a time', async () => {
      for (let count = 0; count < 8; count += 1) expect(codeOf(await login())).toBe(0)
      expect(codeOf(await login())).toBe(60_002)
      await api.advance(31 * MINUTE)
      expect(codeOf(await login())).toBe(0)
    })

    test('adds a trusted certificate in two steps, and shows, finds and deletes it', async () => {
      const token = await tokenFor()
      const { pem } = await mintTrusted()
      const form = fileOf('trusted', '/D:/project/certificate/company.crt', pem)
      const staged = await ask('POST', 'certificate/upload', { token, form })
      expect(staged.json).toEqual({ errcode: 0, errmsg: 'SUCCESS', file: 'company.crt' })
      const created = await ask('POST', 'certificate/create', {
        token,
        json: { type: 'trusted', name: 'company.crt' },
      })
      expect(created.json, created.text).toEqual({
        errcode: 0,
        errmsg: 'SUCCESS',
        name: 'company.crt',
        apply_status: 'issuance_success',
      })
      const all = listed.parse((await ask('GET', 'certificate/list?type=trusted', { token })).json)
      expect(all).toMatchObject({
        total_number: 1,
        certificate_list: [{ name: 'company.crt', type: 'trusted', issue_to: 'Company Root' }],
      })
      const id = all.certificate_list[0]?.id ?? 0
      const one = await ask('GET', `certificate/get?id=${id}`, { token })
      expect(one.json).toMatchObject({ errcode: 0, certificate: { id, name: 'company.crt' } })
      const some = await ask('GET', `certificate/query?ids=${id},999`, { token })
      expect(some.json).toMatchObject({ total_number: 1 })
      // A HEAD that some client sends to look must not delete.
      await ask('HEAD', `certificate/delete?id=${id}`, { token })
      expect(codeOf(await ask('GET', `certificate/get?id=${id}`, { token }))).toBe(0)
      const gone = await ask('GET', `certificate/delete?id=${id}`, { token })
      expect(gone.json).toMatchObject({ errcode: 0, reboot: 1, apply: 1 })
      const after = await ask('GET', 'certificate/list', { token })
      expect(after.json).toMatchObject({ total_number: 0 })
    })

    test('forgets a file that nobody adds within an hour', async () => {
      const token = await tokenFor()
      const form = fileOf('trusted', 'company.crt', (await mintTrusted()).pem)
      await ask('POST', 'certificate/upload', { token, form })
      await api.advance(HOUR)
      const late = await ask('POST', 'certificate/create', {
        token: await tokenFor(),
        json: { type: 'trusted', name: 'company.crt' },
      })
      expect(codeOf(late)).toBe(60_001)
    })

    test('refuses a certificate that would break what uses it, with its findings', async () => {
      const token = await tokenFor()
      const chain = await mintChain({ days: -1 })
      const form = fileOf('server', 'web.pem', chain.bundle)
      await ask('POST', 'certificate/upload', { token, form })
      const refused = await ask('POST', 'certificate/create', {
        token,
        json: { type: 'server', ca_type: 'upload', name: 'web.pem' },
      })
      expect(codeOf(refused), refused.text).toBe(40_002)
      expect(refused.text).toContain('expired')
      expect(refused.text).not.toContain(chain.key.split('\n')[1])
    })

    test('applies for a certificate, and puts it in use when it is there', async () => {
      const token = await tokenFor()
      const applied = await ask('POST', 'certificate/create', {
        token,
        json: { type: 'server', ca_type: 'apply', issue_to: 'pbx.example.com', ...DNS },
      })
      expect(applied.json, applied.text).toEqual({
        errcode: 0,
        errmsg: 'SUCCESS',
        name: 'pbx.example.com.pem',
        apply_status: 'issuing',
      })
      const early = { https_cert: 'pbx.example.com.pem' }
      expect(codeOf(await ask('POST', 'webserver/update', { token, json: early }))).not.toBe(0)
    })

    test('takes no unlimited token from a URL, and says of a missing one what a PBX says', async () => {
      expect(codeOf(await ask('GET', 'certificate/list'))).toBe(10_004)
      expect(codeOf(await ask('GET', 'certificate/list', { token: api.adminToken }))).toBe(10_004)
      const { token } = await makeToken(api, ['certificates:read'], { connections: [connectionId] })
      expect(codeOf(await ask('GET', 'certificate/list', { token }))).toBe(0)
      const add = { type: 'trusted', name: 'company.crt' }
      expect(codeOf(await ask('POST', 'certificate/create', { token, json: add }))).toBe(10_005)
      const wrong = await login(`lk_${'x'.repeat(43)}`)
      expect(wrong.json).toEqual({
        errcode: -1,
        errmsg: 'FAILURE',
        invalid_param_list: [{ field: 'username or password', value: 'error' }],
      })
    })

    test('keeps for a PBX’s caller the authorities that a deployment trusts', async () => {
      connectionId = await make(api, '/v1/connections', connectionTo(api, 'onprem'))
      const token = await tokenFor()
      const { pem } = await mintTrusted()
      await ask('POST', 'certificate/upload', { token, form: fileOf('trusted', 'ca.crt', pem) })
      const created = await ask('POST', 'certificate/create', {
        token,
        json: { type: 'trusted', name: 'ca.crt' },
      })
      expect(codeOf(created), created.text).toBe(0)
      const all = listed.parse((await ask('GET', 'certificate/list', { token })).json)
      expect(all.certificate_list).toMatchObject([{ type: 'trusted', issue_to: 'Company Root' }])
      const apply = { type: 'server', ca_type: 'apply', issue_to: 'pbx.example.com', ...DNS }
      expect(codeOf(await ask('POST', 'certificate/create', { token, json: apply }))).toBe(40_002)
    })

    test('answers 200 to everything, and 10001 to what there is not', async () => {
      const token = await tokenFor()
      for (const [method, endpoint] of [
        ['GET', 'nothing'],
        ['POST', 'certificate/delete?id=1'],
        ['GET', 'certificate/create'],
      ] as const) {
        const sent = await ask(method, endpoint, { token })
        expect([sent.status, codeOf(sent)], endpoint).toEqual([200, 10_001])
      }
    })
  })
}
