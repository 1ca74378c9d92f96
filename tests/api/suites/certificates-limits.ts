import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  listed,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintTrusted } from '../harness/certificates.ts'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { expectProblem } from '../harness/problem.ts'
import { makeToken } from '../harness/tokens.ts'
import { words } from '../harness/words.ts'

const NO_CONNECTION = 'con_0000000000000000'
const NO_CERTIFICATE = `crt_${'0'.repeat(28)}`
const ALL = '/v1/connections/{con}/certificates'

const source = { type: 'upload', pem: 'none' }
/** What can be asked of the certificates of one connection. */
const QUESTIONS: readonly (readonly [method: string, path: string, json?: object])[] = [
  ['GET', ALL],
  ['GET', `${ALL}?fresh=true`],
  ['POST', ALL, { purpose: 'webhook-ca', source }],
  ['POST', ALL, { purpose: 'webhook-ca', source, force: true }],
  ['POST', ALL, { nothing: 'of the kind' }],
  ['GET', `${ALL}/{crt}`],
  ['GET', `${ALL}/{crt}/pem`],
  ['PATCH', `${ALL}/{crt}`, { autoRenewal: null }],
  ['DELETE', `${ALL}/{crt}`],
  ['POST', `${ALL}/{crt}/activate`],
  ['POST', `${ALL}/{crt}/verify-served`],
]

/** Certificates, for tokens that are limited in what they may do or see. */
export function certificatesLimitsSuite(open: OpenApi): void {
  describe('for a limited token, certificates', () => {
    let api: ApiHarness
    let mine: Certificates
    let theirs: Certificates
    let token: string
    let theirId: string

    beforeEach(async () => {
      api = await open()
      mine = await openCertificates(api, 'onprem')
      theirs = await openCertificates(api, 'onprem')
      const { pem } = await mintTrusted()
      theirId = shownIn(await upload(api, theirs, 'webhook-ca', pem)).id
      ;({ token } = await makeToken(api, ['admin'], { connections: [mine.connectionId] }))
      await api.sandbox.clearRequests()
    })
    afterEach(() => api.close())

    // Words, headers or order of checks that differ would say which ids exist.
    for (const [method, template, body] of QUESTIONS) {
      test(`of another’s connection are as of none: ${method} ${template}`, async () => {
        const ask = async (con: string, crt: string, headers: Record<string, string>) => {
          const path = template.replace('{con}', con).replace('{crt}', crt)
          const sent = await call(api, method, path, {
            token,
            headers,
            ...(body === undefined ? {} : { json: body }),
          })
          return words(sent, { [con]: 'con', [crt]: 'crt' })
        }
        for (const headers of [{}, { 'idempotency-key': 'one' }]) {
          const told = await ask(theirs.connectionId, theirId, headers)
          expect(told).toBe(await ask(NO_CONNECTION, NO_CERTIFICATE, headers))
          expect(told).toContain('"code":"not_found"')
        }
        expect((await api.sandbox.requests()).requests).toEqual([])
      })
    }

    test('of another’s connection are not reached through one’s own', async () => {
      for (const [method, below] of [
        ['GET', ''],
        ['GET', '/pem'],
        ['DELETE', ''],
        ['POST', '/activate'],
        ['POST', '/verify-served'],
      ] as const) {
        const told = async (id: string) =>
          words(await call(api, method, `${mine.path}/${id}${below}`, { token }), { [id]: 'crt' })
        expect(await told(theirId)).toBe(await told(NO_CERTIFICATE))
      }
      expect((await api.sandbox.requests()).requests).toEqual([])
    })

    test('of one’s own connection are all there', async () => {
      const limited = { ...api, adminToken: token }
      const { pem } = await mintTrusted()
      const sent = await upload(limited, mine, 'webhook-ca', pem)
      expect(sent.status, sent.text).toBe(201)
      const found = await listed(limited, mine)
      expect(found.map(({ purpose }) => purpose).toSorted()).toEqual(['server-ca', 'webhook-ca'])
      const events = await call(api, 'GET', `/v1/events?subject=${theirId}`, { token })
      expect(events.json).toEqual({ data: [], nextCursor: null })
    })

    test('that may be read are not changed, nor the other way about', async () => {
      const reader = await makeToken(api, ['certificates:read'])
      const writer = await makeToken(api, ['certificates:write'])
      const { pem } = await mintTrusted()
      const options = { token: reader.token }
      await expectProblem(api, await upload(api, mine, 'webhook-ca', pem, {}, options), 'forbidden')
      const path = `${theirs.path}/${theirId}`
      await expectProblem(api, await call(api, 'DELETE', path, options), 'forbidden')
      expect((await call(api, 'GET', path, options)).status).toBe(200)
      const written = await upload(api, mine, 'webhook-ca', pem, {}, { token: writer.token })
      expect(written.status, written.text).toBe(201)
      await expectProblem(api, await call(api, 'GET', path, { token: writer.token }), 'forbidden')
    })
  })
}
