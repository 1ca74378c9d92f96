import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { CERTIFICATE, FINGERPRINT, PKCS1, SPKI, UNFIT_KEYS } from '../harness/key-fixtures.ts'
import { freshKey } from '../harness/keys.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const PATH = '/v1/public-keys/inspect'

/** Public keys are judged as a publish would, and nothing is published. */
export function keyInspectionsSuite(open: OpenApi): void {
  describe('the inspection of a public key', () => {
    let api: ApiHarness

    beforeAll(async () => {
      api = await open()
    })
    afterAll(async () => {
      await expectNothingSent(api)
      await api.close()
    })

    const inspect = (publicKey: unknown): Promise<Sent> =>
      call(api, 'POST', PATH, { json: { publicKey } })
    const sound = {
      verdict: 'pass',
      publicKey: SPKI,
      fingerprint: FINGERPRINT,
      algorithm: 'RSA',
      bits: 2048,
    }

    test('passes one as it would be published', async () => {
      const sent = await inspect(SPKI)
      expect(sent.json).toEqual({ ...sound, findings: [] })
      expect(sent.headers.get('cache-control')).toBe('no-store')
      for (const type of ['application/x-pem-file', 'text/plain']) {
        const plain = await call(api, 'POST', PATH, { body: SPKI, type })
        expect(plain.json).toEqual(sent.json)
      }
    })

    test.each([
      ['PKCS#1', PKCS1, 'converted_from_pkcs1'],
      ['a certificate', CERTIFICATE, 'extracted_from_certificate'],
    ])('mends %s, and says so', async (_, text, code) => {
      const { json } = await inspect(text)
      expect(json).toMatchObject({ ...sound, findings: [{ code, severity: 'repaired' }] })
    })

    test.each(Object.entries(UNFIT_KEYS))('fails %s with the reason', async (_, text) => {
      const { json } = await inspect(text)
      expect(json).toMatchObject({
        verdict: 'fail',
        findings: [{ code: 'key_invalid', severity: 'error' }],
        publicKey: null,
        fingerprint: null,
        algorithm: null,
        bits: null,
      })
    })

    test('fails a private key, which is in no answer and no log', async () => {
      const { privatePem, pem } = await freshKey()
      for (const text of [privatePem, pem + privatePem]) {
        const sent = await inspect(text)
        expect(sent.json).toMatchObject({
          verdict: 'fail',
          findings: [{ code: 'key_is_private' }],
          publicKey: null,
        })
        const line = privatePem.split('\n')[1] ?? ''
        expect(sent.text + api.logs().join()).not.toContain(line)
      }
    })

    test('refuses what is of no form that it takes', async () => {
      await expectProblem(api, await inspect(undefined), 'invalid_request', ['/publicKey'])
      await expectProblem(api, await inspect(''), 'invalid_request', ['/publicKey'])
      const form = { body: 'public_key=a', type: 'application/x-www-form-urlencoded' }
      await expectProblem(api, await call(api, 'POST', PATH, form), 'unsupported_media_type')
    })
  })
}
