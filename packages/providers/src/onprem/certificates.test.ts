import type { CertificatePurpose } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import {
  FIXTURE_CA,
  FIXTURE_CERTIFICATE,
  FIXTURE_INTERMEDIATE,
  FIXTURE_PRIVATE_KEY,
} from '../shared/fixture-certificate.ts'
import { answer, bind, exchangeOf, outcomeOf, SESSION } from '../suite/bind.ts'
import { onpremFixtures } from './fixtures.ts'
import { onprem } from './index.ts'

const connection = bind(onprem, onpremFixtures)
const list = exchangeOf(connection, 'certificate.list')
const upload = exchangeOf(connection, 'certificate.upload')
const LISTING = { purpose: 'webhook-ca', cursor: null }
const BUNDLE = FIXTURE_PRIVATE_KEY + FIXTURE_CERTIFICATE + FIXTURE_INTERMEDIATE
const UPLOAD = { purpose: 'server', pem: BUNDLE, staged: null, autoRenewal: null }

/** The base64 of the private key, without its line breaks. */
const KEY = FIXTURE_PRIVATE_KEY.replaceAll(/-----[^-]*-----|\s/g, '')

const kindOf = (purpose: CertificatePurpose) =>
  connection.certificates?.kinds.find((each) => each.purpose === purpose)

describe('certificate.list of onprem', () => {
  test.each([
    ['a private key alone', FIXTURE_PRIVATE_KEY],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n'],
    [
      'a certificate that is none',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    ],
    ['half of a certificate', FIXTURE_CA.slice(0, 300)],
    ['a text', 'Service is starting'],
    ['a page', '<html>Sign in</html>'],
    ['a JSON text', '"null"'],
    ['JSON that is none of its answers', '{"certificates":[]}'],
    ['an error in a success', '{"errors":[{"code":1006,"title":"Resource not found"}]}'],
  ])('does not understand %s', async (_name, body) => {
    const { fault } = await outcomeOf(list, answer(200, body), LISTING)
    expect(fault).toMatchObject({ code: 'upstream_malformed', effect: 'no' })
    expect(JSON.stringify([fault?.message, fault?.upstream])).not.toContain(KEY.slice(0, 12))
  })

  // A webhook CA file with the key beside it was uploaded once, by somebody else's tool.
  test('drops a private key that stands in what is set, whatever its label', async () => {
    const mislabelled = FIXTURE_PRIVATE_KEY.replaceAll('PRIVATE KEY', 'CERTIFICATE')
    for (const key of [FIXTURE_PRIVATE_KEY, mislabelled, KEY]) {
      const { value } = await outcomeOf(list, answer(200, `${key}\n${FIXTURE_CA}`), LISTING)
      expect(value).toMatchObject({ certificates: [{ pem: FIXTURE_CA }] })
    }
  })

  test('tells a proxy’s 404 with a page from a deployment without a certificate', async () => {
    const { fault } = await outcomeOf(list, answer(404, '<html>Not found</html>'), LISTING)
    expect(fault?.code).toBe('upstream_rejected')
  })
})

describe('certificate.upload of onprem', () => {
  test.each([
    ['sends the bundle byte for byte, as plain text', 'server', ['external']],
    ['sends authorities to the webhook’s own path', 'webhook-ca', ['webhooks', 'ca']],
  ])('%s', async (_name, purpose, path) => {
    const request = await upload.request({ ...UPLOAD, purpose }, SESSION)
    expect(request.body).toBe(BUNDLE)
    expect(request.path).toEqual(['v1', 'certificates', ...path])
    expect(new Map(Object.entries(request.headers ?? {})).get('Content-Type')).toBe('text/plain')
  })

  // An upstream shows in its error what it could not read, and everybody who may read certificates sees it.
  test.each([
    ['whole', BUNDLE],
    ['in one line', `Cannot parse ${KEY}`],
    ['in lines of its own', `Cannot parse ${KEY.replaceAll(/(.{76})/g, '$1\n')}`],
    ['with escaped line breaks', `Cannot parse ${BUNDLE.replaceAll('\n', String.raw`\n`)}`],
    ['cut in the middle of a line', `Cannot parse ${FIXTURE_PRIVATE_KEY.slice(0, 140)}`],
    ['cut on both sides', `Cannot parse ${KEY.slice(30, 150)}`],
    ['behind much else', `${'x '.repeat(950)}${FIXTURE_PRIVATE_KEY.slice(28)}`],
  ])('shows nothing of a private key that comes back %s', async (_name, details) => {
    const error = { code: 1009, title: 'Parameter value not valid', details }
    const body = JSON.stringify({ errors: [error] })
    const { fault } = await outcomeOf(upload, answer(400, body), UPLOAD)
    expect(fault).toMatchObject({ code: 'upstream_rejected', effect: 'no' })
    const shown = `${fault?.message} ${JSON.stringify(fault?.upstream)}`
    for (let at = 0; at + 8 <= KEY.length; at += 1) {
      expect(shown).not.toContain(KEY.slice(at, at + 8))
    }
  })

  test('that is refused for its role says which role it takes', async () => {
    const body = '{"errors":[{"code":1005,"title":"Access denied"}]}'
    const { fault } = await outcomeOf(upload, answer(403, body), UPLOAD)
    expect(fault?.message).toBe(
      'Cannot upload certificate: access denied: certificates need a user with the admin role',
    )
  })
})

describe('certificates of onprem', () => {
  test('want the private key first and an intermediate, for the server alone', () => {
    expect(kindOf('server')?.upload).toEqual({ needsIntermediate: true, keyPlace: 'first' })
    expect(kindOf('webhook-ca')?.upload).toEqual({})
    expect(kindOf('server-ca')?.upload).toBe(null)
  })

  test('are in use after a restart: of Webapp for the server, of Coreapp for the webhook', () => {
    const restarts = (['server', 'webhook-ca', 'server-ca'] as const).map((purpose) => {
      const after = kindOf(purpose)?.afterUpload
      return [after?.code, after?.message.match(/all \w+/)?.[0]]
    })
    expect(restarts).toEqual([
      ['restart_required', 'all Webapp'],
      ['restart_required', 'all Coreapp'],
      [undefined, undefined],
    ])
  })
})
