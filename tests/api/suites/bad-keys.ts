import { toBase64 } from '@latchkey/crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI, UNFIT_KEYS } from '../harness/key-fixtures.ts'
import { armour, freshKey, type TestKey } from '../harness/keys.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Texts that are no key at all. */
const GARBAGE: Readonly<Record<string, string>> = {
  blanks: ' \n\t ',
  words: 'my public key',
  'base64 of nothing known': btoa('x'.repeat(300)),
  'an armour alone': '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n',
  'a PEM cut off': SPKI.slice(0, 300),
  'a PEM whose key is cut off': SPKI.split('\n').toSpliced(5, 1).join('\n'),
  'a PEM with a character changed': SPKI.replace('MIIB', 'MIIC'),
  'NUL inside': SPKI.replace('MIIB', 'MI\u0000IB'),
  'an SSH key': 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@host',
  'a signing request': SPKI.replaceAll('PUBLIC KEY', 'CERTIFICATE REQUEST'),
  'more text than any key has': `${'# comment\n'.repeat(20_000)}${SPKI}`,
}

/** Every way in which a text can be sent as a key. */
const WAYS: readonly (readonly [string, (text: string) => { body: string; type: string }])[] = [
  ['JSON', (text) => ({ body: JSON.stringify({ publicKey: text }), type: 'application/json' })],
  ['a form', (text) => ({ body: `business_public_key=${encodeURIComponent(text)}`, type: FORM })],
  [
    "On-Premises' form",
    (text) => ({ body: String(new URLSearchParams({ public_key: text })), type: FORM }),
  ],
  ['text', (text) => ({ body: text, type: 'text/plain' })],
  ['PEM', (text) => ({ body: text, type: 'application/x-pem-file' })],
]

/** Keys that would break the other side are refused before a byte leaves. */
export function badKeysSuite(open: OpenApi): void {
  describe('a key is refused', () => {
    let api: ApiHarness
    let path: string
    let pair: TestKey

    beforeAll(async () => {
      api = await open()
      const { numberId } = await makeNumber(api, 'graph')
      path = `/v1/numbers/${numberId}/encryption-key`
      pair = await freshKey()
    })
    afterEach(() => expectNothingSent(api))
    afterAll(() => api.close())

    test.each(Object.entries({ ...UNFIT_KEYS, ...GARBAGE }))('that is %s', async (_, text) => {
      for (const [, sendAs] of WAYS) {
        await expectProblem(api, await call(api, 'PUT', path, sendAs(text)), 'key_invalid')
      }
    })

    test('where there is none, or two', async () => {
      for (const text of ['', SPKI + pair.pem]) {
        for (const type of ['text/plain', 'application/x-pem-file']) {
          const sent = await call(api, 'PUT', path, { body: text, type })
          await expectProblem(api, sent, 'key_invalid')
        }
      }
    })

    test('that is private, in any form and however it is sent, and is in no answer and no log', async () => {
      const der = pkcs8Of(pair)
      const pkcs1 = der.slice(PKCS8_HEADER_BYTES)
      const forms = [
        pair.privatePem,
        armour('RSA PRIVATE KEY', pkcs1),
        armour('ENCRYPTED PRIVATE KEY', der),
        armour('PUBLIC KEY', der),
        `Here is the key, please keep it safe:\n\n${pair.privatePem}`,
        pair.pem + pair.privatePem,
        pair.privatePem.replaceAll('\n', '\\n'),
        pair.privatePem.replaceAll('\n', '\r\n'),
        pair.privatePem.slice(0, 900),
        toBase64(der),
        toBase64(pkcs1),
      ]
      // The middle of the key, where it is in none of the headers that all keys begin with.
      const traces = [der, pkcs1].map((bytes) => toBase64(bytes).slice(300, 340))
      for (const form of forms) {
        for (const [, sendAs] of WAYS) {
          const sent = await call(api, 'PUT', path, sendAs(form))
          await expectProblem(api, sent, 'key_is_private')
          for (const trace of traces) expect(sent.text).not.toContain(trace)
        }
      }
      const logged = api.logs().join('\n')
      for (const trace of traces) expect(logged).not.toContain(trace)
      expect(logged).not.toContain('PRIVATE')
    })

    // `curl --data-binary @key.pem` without a header sends any file as a form.
    test('that is private and sent as a form without a field, or in a field of another name', async () => {
      const encoded = encodeURIComponent(pair.privatePem)
      for (const [body, type] of [
        [pair.privatePem, FORM],
        [`key=${encoded}`, FORM],
        [`business_public_key=${encodeURIComponent(SPKI)}&private_key=${encoded}`, FORM],
        [JSON.stringify({ privateKey: pair.privatePem }), 'application/json'],
        [JSON.stringify({ [pair.privatePem]: true }), 'application/json'],
        [`{"publicKey": "${pair.privatePem}"}`, 'application/json'],
      ] as const) {
        const sent = await call(api, 'PUT', path, { body, type })
        await expectProblem(api, sent, 'key_is_private')
        expect(sent.text).not.toContain('MII')
      }
    })
  })
}

/** What PKCS#8 puts before the PKCS#1 key of RSA-2048 (RFC 5208 §5): version, algorithm and two lengths. */
const PKCS8_HEADER_BYTES = 26

function pkcs8Of({ privatePem }: TestKey): Uint8Array<ArrayBuffer> {
  const base64 = privatePem.replaceAll(/-----.*-----|\s/g, '')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
