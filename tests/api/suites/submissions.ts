import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { CERTIFICATE, FINGERPRINT, PKCS1, SPKI } from '../harness/key-fixtures.ts'

const FORM = 'application/x-www-form-urlencoded'
const warned = z.object({ warnings: z.array(z.object({ code: z.string(), message: z.string() })) })

/** The same key as it is pasted, copied and converted, with the repairs that have to be told. */
const SPELLINGS: readonly (readonly [string, string, readonly string[]])[] = [
  ['as it should be', SPKI, []],
  ['with CR LF', SPKI.replaceAll('\n', '\r\n'), ['crlf_line_endings']],
  ['with CR', SPKI.replaceAll('\n', '\r'), ['cr_line_endings']],
  ['with a byte order mark', `\uFEFF${SPKI}`, ['byte_order_mark']],
  ['with escaped line breaks', SPKI.replaceAll('\n', '\\n'), ['escaped_newlines']],
  ['escaped twice', SPKI.replaceAll('\n', '\\\\n'), ['escaped_newlines']],
  ['on one line', SPKI.replaceAll('\n', ''), ['single_line']],
  ['in quotes', `"${SPKI.trim()}"`, ['surrounding_quotes']],
  ['in single quotes', `'${SPKI}'`, ['surrounding_quotes']],
  ['between words', `Our key:\n${SPKI}Regards`, ['surrounding_text']],
  ['indented', SPKI.replaceAll(/^/gm, '    '), ['stray_whitespace']],
  ['as base64 alone', SPKI.replaceAll(/-----.*-----\n/g, ''), ['missing_armour']],
  ['as PKCS#1', PKCS1, ['converted_from_pkcs1']],
  ['as PKCS#1 under the wrong label', PKCS1.replaceAll('RSA ', ''), ['converted_from_pkcs1']],
  ['in a certificate', CERTIFICATE, ['extracted_from_certificate']],
  ['twice', SPKI + PKCS1, ['duplicate_key']],
  [
    'as an environment variable holds it',
    `"${SPKI.trim().replaceAll('\n', '\\r\\n')}"`,
    ['escaped_newlines', 'surrounding_quotes'],
  ],
]

/** Every form in which a publish takes a key. */
const FORMS: readonly (readonly [string, (key: string) => string, string])[] = [
  ['JSON', (key) => JSON.stringify({ publicKey: key }), 'application/json'],
  [
    'JSON with a charset',
    (key) => JSON.stringify({ publicKey: key }),
    'application/json; charset=UTF-8',
  ],
  ["Graph's form", (key) => String(new URLSearchParams({ business_public_key: key })), FORM],
  ["On-Premises' form", (key) => String(new URLSearchParams({ public_key: key })), FORM],
  ['text', (key) => key, 'text/plain'],
  ['text with a charset', (key) => key, 'text/plain; charset=utf-8'],
  ['a PEM file', (key) => key, 'application/x-pem-file'],
]

/** A key is one key, however it is sent and whatever pasting has done to it. */
export function submissionsSuite(open: OpenApi): void {
  describe('a key is published', () => {
    let api: ApiHarness
    let path: string

    beforeAll(async () => {
      api = await open()
      const { numberId } = await makeNumber(api, 'graph')
      path = `/v1/numbers/${numberId}/encryption-key`
    })
    beforeEach(() => api.sandbox.clearRequests())
    afterAll(() => api.close())

    async function expectPublished(body: string, type: string): Promise<readonly string[]> {
      const sent = await call(api, 'PUT', path, { body, type })
      expect(sent.status, sent.text).toBe(200)
      expect(sent.json).toMatchObject({
        publicKey: SPKI,
        fingerprint: FINGERPRINT,
        signatureStatus: 'valid',
        inSync: true,
      })
      return warned.parse(sent.json).warnings.map(({ code }) => code)
    }

    for (const [spelling, text, repairs] of SPELLINGS) {
      test(`${spelling}, and what was mended is told`, async () => {
        const told = await expectPublished(text, 'application/x-pem-file')
        expect(told).toEqual(expect.arrayContaining([...repairs]))
        if (repairs.length === 0) expect(told).toEqual([])
        const { requests } = await api.sandbox.requests({ upstream: 'graph', method: 'POST' })
        const keys = requests.map(({ fields }) => fields['business_public_key']?.trim())
        expect(keys).toEqual([SPKI.trim()])
      })
    }

    test.each(FORMS)('as %s, canonical or not', async (_, bodyOf, type) => {
      expect(await expectPublished(bodyOf(SPKI), type)).toEqual([])
      const mended = await expectPublished(bodyOf(SPKI.replaceAll('\n', '\r\n')), type)
      expect(mended).toEqual(['crlf_line_endings'])
    })

    // A client that does not encode `+` in a form: each one arrives as a space.
    test('though a form has turned its plus signs into spaces', async () => {
      const body = `business_public_key=${SPKI.replaceAll('\n', '%0A')}`
      expect(await expectPublished(body, FORM)).toContain('plus_signs_restored')
    })

    test('without a word read back, where ?verify=false says so', async () => {
      const sent = await call(api, 'PUT', `${path}?verify=false`, { json: { publicKey: SPKI } })
      expect(sent.json).toMatchObject({
        fingerprint: FINGERPRINT,
        signatureStatus: 'unknown',
        source: 'published',
        observedAt: null,
        warnings: [],
      })
      const { requests } = await api.sandbox.requests({ upstream: 'graph' })
      expect(requests.map(({ method }) => method)).toEqual(['POST'])
    })
  })
}
