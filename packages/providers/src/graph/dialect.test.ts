import { type DialectRequest, type DialectShapes, type Fault, isFault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { FIXTURE_KEY, FIXTURE_PEM } from '../shared/fixture-key.ts'
import { FORM_TYPE } from '../shared/form.ts'
import { dialectRequest, opened, REQUEST_ID } from '../suite/dialect-request.ts'
import { graphDialect } from './dialect.ts'

const ID = '106540352242922'
const PATH = ['v25.0', ID, 'whatsapp_business_encryption']
const FIELD = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
const BOUNDARY = '----curl7c1'
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`

type Part = readonly [name: string, value: string, fileName?: string]

const get = (more: Partial<Parameters<typeof dialectRequest>[0]> = {}) =>
  dialectRequest({ method: 'GET', path: PATH, ...more })
const post = (
  type: string,
  body: string,
  more: Partial<Parameters<typeof dialectRequest>[0]> = {},
) =>
  dialectRequest({ method: 'POST', path: PATH, headers: { 'content-type': type }, body, ...more })
const form = (...fields: readonly (readonly [string, string])[]) =>
  post(FORM_TYPE, new URLSearchParams(fields.map(([name, value]) => [name, value])).toString())
const json = (body: unknown) => post('application/json; charset=utf-8', JSON.stringify(body))

function multipart(...parts: readonly Part[]): DialectRequest {
  const sections = parts.map(([name, value, fileName]) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`
  })
  return post(MULTIPART, `${sections.join('')}--${BOUNDARY}--\r\n`)
}

async function faultOf(request: DialectRequest): Promise<Fault> {
  try {
    await graphDialect.read(request)
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('Cannot test: the request was taken')
}

describe('read() of a key that is set', () => {
  test.each([
    ['a form', form([FIELD, FIXTURE_PEM])],
    [
      'a form with a charset',
      post(`${FORM_TYPE}; charset=UTF-8`, `${FIELD}=${encodeURIComponent(FIXTURE_PEM)}`),
    ],
    ['multipart', multipart(['messaging_product', 'whatsapp'], [FIELD, FIXTURE_PEM])],
    ['multipart with a file', multipart([FIELD, FIXTURE_PEM, 'public.pem'])],
    ['JSON', json({ [FIELD]: FIXTURE_PEM })],
    [
      'the query alone',
      dialectRequest({ method: 'POST', path: PATH, query: [[FIELD, FIXTURE_PEM]] }),
    ],
    ['a form, twice the same', form([FIELD, FIXTURE_PEM], [FIELD, FIXTURE_PEM])],
  ])('takes it from %s', async (_how, request) => {
    const call = await graphDialect.read(request)
    expect(call).toMatchObject({
      operation: 'encryptionKey.publish',
      input: { upstreamId: ID, publicKey: FIXTURE_PEM },
    })
  })

  test.each([
    ['no body', dialectRequest({ method: 'POST', path: PATH })],
    ['another field', form(['public_key', FIXTURE_PEM])],
    ['a blank field', form([FIELD, ' \n'])],
    ['null in JSON', json({ [FIELD]: null })],
    ['a number in JSON', json({ [FIELD]: 1 })],
    ['a list for JSON', json([FIXTURE_PEM])],
    ['half of a JSON text', post('application/json', '{"business_public')],
    ['text', post('text/plain', FIXTURE_PEM)],
    ['a body without a type', dialectRequest({ method: 'POST', path: PATH, body: `${FIELD}=x` })],
    ['multipart without a boundary', post('multipart/form-data', FIXTURE_PEM)],
    ['multipart cut off', post(MULTIPART, `--${BOUNDARY}\r\nContent-Disp`)],
    ['two keys', form([FIELD, FIXTURE_PEM], [FIELD, 'another'])],
    [
      'a key in the query and another in the body',
      { ...form([FIELD, FIXTURE_PEM]), query: [[FIELD, 'x']] as const },
    ],
  ])('refuses %s as code 100', async (_what, request) => {
    const fault = await faultOf(request)
    expect(fault.code).toBe('invalid_request')
    const { status, body } = opened(graphDialect.refuse(fault, request))
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: {
        message: '(#100) Invalid parameter',
        type: 'OAuthException',
        code: 100,
        error_data: { messaging_product: 'whatsapp', details: fault.message },
        fbtrace_id: REQUEST_ID,
      },
    })
  })

  test('answers success as Graph does', async () => {
    const call = await graphDialect.read(form([FIELD, FIXTURE_PEM]))
    if (call.operation !== 'encryptionKey.publish') throw new Error('Cannot test: not a publish')
    const { status, headers, body } = call.answer({})
    expect([status, body]).toEqual([200, '{"success":true}'])
    expect(headers).toEqual({ 'content-type': 'application/json; charset=UTF-8' })
  })
})

async function told(
  output: DialectShapes['encryptionKey.read']['output'],
  request = get(),
): Promise<unknown> {
  const call = await graphDialect.read(request)
  if (call.operation !== 'encryptionKey.read') throw new Error('Cannot test: not a read')
  expect(call.input).toEqual({ upstreamId: ID })
  return opened(call.answer(output)).body
}

describe('read() of a key that is asked for', () => {
  const VALID = { publicKey: FIXTURE_KEY.pem, status: 'valid' } as const

  test.each([
    ['a valid key', VALID, { [FIELD]: FIXTURE_PEM, [STATUS]: 'VALID' }],
    [
      'a mismatch',
      { ...VALID, status: 'mismatch' },
      { [FIELD]: FIXTURE_PEM, [STATUS]: 'MISMATCH' },
    ],
    ['a key of unknown status', { ...VALID, status: 'unknown' }, { [FIELD]: FIXTURE_PEM }],
    ['a valid key that is not told', { publicKey: null, status: 'valid' }, { [STATUS]: 'VALID' }],
    ['no key', { publicKey: null, status: 'unset' }, { [STATUS]: 'MISMATCH' }],
    ['nothing known', { publicKey: null, status: 'unknown' }, {}],
  ] as const)('answers %s in a list', async (_what, output, entry) => {
    expect(await told(output)).toEqual({ data: [entry] })
  })

  test('answers the fields that are asked for', async () => {
    const only = (fields: string) => told(VALID, get({ query: [['fields', fields]] }))
    expect(await only(STATUS)).toEqual({ data: [{ [STATUS]: 'VALID' }] })
    expect(await only(`${STATUS}, ${FIELD}`)).toEqual(await told(VALID))
    expect(await only('')).toEqual(await told(VALID))
  })

  test('refuses a field that there is not', async () => {
    const request = get({ query: [['fields', `${FIELD},private_key`]] })
    expect((await faultOf(request)).code).toBe('invalid_request')
  })

  test('takes HEAD for GET', async () => {
    expect(await told(VALID, dialectRequest({ method: 'HEAD', path: PATH }))).toHaveProperty('data')
  })
})

describe('secretOf()', () => {
  const header = (authorization: string) => get({ headers: { authorization } })
  const inQuery = get({ query: [['access_token', 'T']] })

  test.each([
    ['Bearer', header('Bearer T'), false],
    ['Graph’s own scheme', header('oauth T'), false],
    ['the query', inQuery, true],
    ['a form', form(['access_token', 'T']), false],
    ['multipart', multipart(['access_token', 'T']), false],
    ['JSON', json({ access_token: 'T' }), false],
    [
      'the header before the query',
      { ...inQuery, headers: new Headers({ authorization: 'Bearer T' }) },
      false,
    ],
  ])('finds it in %s', async (_where, request, isInQuery) => {
    expect(await graphDialect.secretOf(request)).toEqual({ token: 'T', isInQuery })
  })

  test.each([
    ['nowhere', get()],
    ['in another scheme', header('Basic VDpU')],
    ['blank', get({ query: [['access_token', ' ']] })],
    ['in a body of another type', post('text/plain', 'access_token=T')],
  ])('finds none %s', async (_where, request) => {
    expect(await graphDialect.secretOf(request)).toBe(null)
  })

  // Whoever may choose one of two tokens in a URL chooses whose rights are used.
  test('refuses two of them', async () => {
    const two = get({
      query: [
        ['access_token', 'T'],
        ['access_token', 'U'],
      ],
    })
    await expect(graphDialect.secretOf(two)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('paths and methods', () => {
  test.each([
    [['25.0', ID, 'whatsapp_business_encryption']],
    [['v25', ID, 'whatsapp_business_encryption']],
    [['v25.0', '', 'whatsapp_business_encryption']],
    [['v25.0', ID, 'whatsapp_business_profile']],
    [['v25.0', ID, 'whatsapp_business_encryption', 'more']],
    [['v25.0', ID]],
    [[]],
  ])('%j is an unknown path', async (path) => {
    const request = get({ path })
    const fault = await faultOf(request)
    const { status, body } = opened(graphDialect.refuse(fault, request))
    expect([fault.code, status]).toEqual(['not_found', 400])
    expect(body).toMatchObject({
      error: { code: 2500, message: `Unknown path components: /${path.join('/')}` },
    })
  })

  test('a method that there is not is an unsupported request', async () => {
    const request = dialectRequest({ method: 'DELETE', path: PATH })
    const { status, body } = opened(graphDialect.refuse(await faultOf(request), request))
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: {
        code: 100,
        error_subcode: 33,
        type: 'GraphMethodException',
        message: expect.stringContaining(`Unsupported delete request. Object with ID '${ID}'`),
      },
    })
  })
})
