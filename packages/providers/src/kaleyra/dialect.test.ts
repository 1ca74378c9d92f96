import {
  type DialectRequest,
  Fault,
  type FaultCode,
  type FaultOptions,
  isFault,
} from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { FIXTURE_KEY, FIXTURE_PEM } from '../shared/fixture-key.ts'
import { FORM_TYPE, formBody } from '../shared/form.ts'
import { dialectRequest, opened } from '../suite/dialect-request.ts'
import { kaleyraDialect } from './dialect.ts'

const PHONE = '+919876543210'
const PATH = ['v2', 'HXAP16XXXXXX97IN', 'whatsapp', PHONE, 'flows_encryption']
const FIELD = 'business_public_key'

const get = (path: readonly string[] = PATH) => dialectRequest({ method: 'GET', path })
const post = (type: string, body: string) =>
  dialectRequest({ method: 'POST', path: PATH, headers: { 'content-type': type }, body })
const form = (...fields: readonly (readonly [string, string])[]) =>
  post(FORM_TYPE, formBody(fields))

const refuse = (fault: Fault, request = get()) => opened(kaleyraDialect.refuse(fault, request))
const refuseCode = (code: FaultCode, options: FaultOptions = {}) =>
  refuse(new Fault(code, 'Cannot', options))

async function refusalOf(request: DialectRequest) {
  try {
    await kaleyraDialect.read(request)
  } catch (error) {
    if (isFault(error)) return refuse(error, request)
    throw error
  }
  throw new Error('Cannot test: the request was taken')
}

describe('read()', () => {
  test.each([
    ['a form', form([FIELD, FIXTURE_PEM])],
    ['a form with a charset', post(`${FORM_TYPE};charset=UTF-8`, formBody([[FIELD, FIXTURE_PEM]]))],
  ])('takes a key from %s, and answers as the page prints it', async (_how, request) => {
    const call = await kaleyraDialect.read(request)
    if (call.operation !== 'encryptionKey.publish') throw new Error('Cannot test: not a publish')
    expect(call.input).toEqual({ upstreamId: PHONE, publicKey: FIXTURE_PEM })
    const { status, headers, body } = call.answer({})
    expect([status, headers]).toEqual([200, { 'content-type': 'application/json' }])
    expect(body).toBe(
      '{"code":"WA-200","message":"Request Processed Successfully","data":{"success":true},"error":{}}',
    )
  })

  // The page on reading says POST: a program that believes it must not erase or set anything.
  test.each([
    ['no body', dialectRequest({ method: 'POST', path: PATH })],
    ['a form without the key', form(['key', FIXTURE_PEM])],
    ['a blank key', form([FIELD, ' '])],
    ['two keys', form([FIELD, FIXTURE_PEM], [FIELD, FIXTURE_PEM])],
    ['JSON', post('application/json', JSON.stringify({ [FIELD]: FIXTURE_PEM }))],
    ['multipart', post('multipart/form-data; boundary=x', `--x--`)],
    ['a body without a type', dialectRequest({ method: 'POST', path: PATH, body: `${FIELD}=x` })],
  ])('refuses a POST with %s as WA-400', async (_what, request) => {
    expect(await refusalOf(request)).toMatchObject({
      status: 400,
      body: {
        code: 'WA-400',
        message: 'Refer to correct payload format',
        data: {},
        error: { payload: expect.stringMatching(/^Cannot /) },
      },
    })
  })

  test.each([
    [
      'a valid key',
      { publicKey: FIXTURE_KEY.pem, status: 'valid' },
      { [FIELD]: FIXTURE_PEM, business_public_key_signature_status: 'VALID' },
    ],
    [
      'a key of unknown status',
      { publicKey: FIXTURE_KEY.pem, status: 'unknown' },
      { [FIELD]: FIXTURE_PEM },
    ],
    ['no key', { publicKey: null, status: 'unset' }, {}],
  ] as const)('answers %s in the envelope', async (_what, output, data) => {
    const call = await kaleyraDialect.read(get())
    if (call.operation !== 'encryptionKey.read') throw new Error('Cannot test: not a read')
    expect(call.input).toEqual({ upstreamId: PHONE })
    const { status, body } = opened(call.answer(output))
    expect(status).toBe(200)
    expect(body).toEqual({
      code: 'WA-200',
      message: 'Request Processed Successfully',
      data,
      error: {},
    })
  })

  test('takes HEAD for GET, and any SID', async () => {
    const path = PATH.with(1, 'another')
    const call = await kaleyraDialect.read(dialectRequest({ method: 'HEAD', path }))
    expect(call.operation).toBe('encryptionKey.read')
  })

  test.each([
    [PATH.with(0, 'v1')],
    [PATH.with(1, '')],
    [PATH.with(2, 'sms')],
    [PATH.with(3, '')],
    [PATH.with(4, 'flows')],
    [[...PATH, 'more']],
    [[]],
  ])('knows no %j', async (path) => {
    expect(await refusalOf(get(path))).toMatchObject({ status: 404, body: { code: 'WA-400' } })
  })

  test('knows no other method', async () => {
    expect(await refusalOf(dialectRequest({ method: 'PUT', path: PATH }))).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
      body: { code: 'WA-400' },
    })
  })
})

test('secretOf() finds the token in the header of the API key, and nowhere else', async () => {
  const headers = { 'api-key': 'T' }
  const secret = await kaleyraDialect.secretOf(
    dialectRequest({ method: 'GET', path: PATH, headers }),
  )
  expect(secret).toEqual({ token: 'T', isInQuery: false })
  const elsewhere = { method: 'GET', path: PATH, query: [['api-key', 'T']] as const }
  const bearer = { authorization: 'Bearer T' }
  expect(await kaleyraDialect.secretOf(dialectRequest({ ...elsewhere, headers: bearer }))).toBe(
    null,
  )
})

describe('refuse()', () => {
  test('prints the page’s answer to a wrong key', () => {
    expect(refuseCode('unauthenticated')).toMatchObject({
      status: 401,
      body: {
        code: 'RBC001',
        message: 'Incorrect SID or API key.',
        data: [],
        error: { error: 'Incorrect SID or API key.' },
      },
    })
  })

  test.each([
    ['invalid_request', 400, 'WA-400'],
    ['forbidden', 401, 'WA-401'],
    ['not_found', 400, 'WA-400'],
    ['key_invalid', 400, 'WA-400'],
    ['key_is_private', 400, 'WA-400'],
    ['unsupported_operation', 401, 'WA-401'],
    ['rate_limited', 429, '80007'],
    ['internal', 500, 'WA-500'],
    ['upstream_rejected', 400, 'WA-400'],
    ['upstream_unauthorized', 401, 'WA-401'],
    ['upstream_malformed', 500, 'WA-500'],
    ['upstream_unavailable', 500, 'WA-500'],
    ['upstream_rate_limited', 429, '80007'],
    ['upstream_timeout', 500, 'WA-500'],
  ] as const)('words %s as HTTP %i and code %s', (fault, status, code) => {
    const answer = refuseCode(fault)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(Object.keys(answer.body)).toEqual(['code', 'message', 'data', 'error'])
    expect(JSON.stringify(answer.body['error'])).toContain('Cannot')
  })

  test('has error as text where the page has', () => {
    expect(refuseCode('forbidden').body['error']).toBe('Cannot')
  })

  test('says when to come again', () => {
    const { headers } = refuseCode('rate_limited', { retryAfterMs: 1 })
    expect(headers).toMatchObject({ 'retry-after': '1' })
  })

  test('tells a write that another one is in the way of from one that was overtaken', () => {
    expect(refuseCode('conflict', { retryable: true })).toMatchObject({ body: { code: 'WA-500' } })
    expect(refuseCode('conflict')).toMatchObject({ body: { code: 'WA-400' } })
  })

  test.each([
    ['its own code', 'upstream_rejected', 'E110', 400, 'E110'],
    ['its own code without the dash', 'upstream_unavailable', 'WA500', 500, 'WA-500'],
    ['its own limit', 'upstream_rate_limited', 'WAV2101', 400, 'WAV2101'],
    ['a code of Meta’s', 'upstream_rejected', '133010', 400, 'WA-400'],
    ['the connection’s API key', 'upstream_unauthorized', 'RBC001', 401, 'WA-401'],
  ] as const)('of what Kaleyra refused for %s', (_why, fault, code, status, served) => {
    const upstream = { provider: 'kaleyra', status: 400, code }
    expect(refuseCode(fault, { upstream })).toMatchObject({ status, body: { code: served } })
  })
})
