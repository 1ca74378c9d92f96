import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from './serve.ts'
import { KEY_A } from './testing/keys.ts'
import { sendRaw, type RawAnswer } from './testing/raw-http.ts'
import { SAMPLE } from './world.ts'

/** The requests that the vendors' pages print, sent as printed, against the answers they print. */

const { graph, onprem, kaleyra } = SAMPLE
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const KEY_FORM = `business_public_key=${encodeURIComponent(KEY_A)}`

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

function outcome({ status, headers, body }: RawAnswer): unknown {
  expect(headers.get('content-type')).toBe('application/json')
  const parsed: unknown = JSON.parse(body)
  return [status, parsed]
}

describe('the page "WhatsApp Business Encryption" of Graph', () => {
  const authorization = { Authorization: `Bearer ${graph.accessToken}` }
  const url = () => `${sandbox.graphUrl}/v21.0/${graph.unsetNumberId}/whatsapp_business_encryption`

  test('sets a key and reads it back; read flat, as the page prints it', async () => {
    const headers = { ...authorization, ...FORM }
    const written = await sendRaw(url(), { method: 'POST', headers, body: KEY_FORM })
    expect(outcome(written)).toEqual([200, { success: true }])
    const key = {
      business_public_key: KEY_A,
      business_public_key_signature_status: 'VALID',
    }
    const read = async () => outcome(await sendRaw(url(), { headers: authorization }))
    expect(await read()).toEqual([200, { data: [key] }])
    await sandbox.control.setKnobs('graph', { envelope: 'flat' })
    expect(await read()).toEqual([200, key])
    await sandbox.control.reregister('graph', graph.unsetNumberId)
    expect(await read()).toEqual([
      200,
      { ...key, business_public_key_signature_status: 'MISMATCH' },
    ])
  })
})

describe('the page "WhatsApp Business Encryption" of the On-Premises API', () => {
  test('signs a key sent as JSON, as printed, and as a form, as told', async () => {
    const basic = btoa(`${onprem.username}:${onprem.password}`)
    const login = await sendRaw(`${sandbox.onpremUrl}/v1/users/login`, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
    })
    const token = /"token":"([^"]+)"/.exec(login.body)?.[1] ?? ''
    const authorization = { Authorization: `Bearer ${token}` }
    const url = `${sandbox.onpremUrl}/v1/settings/business/whatsapp_business_encryption`
    const meta = { api_status: 'stable', version: 'v2.53.4' }
    const asJson = await sendRaw(url, {
      method: 'POST',
      headers: { ...authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify({ public_key: KEY_A }),
    })
    expect(outcome(asJson)).toEqual([200, { meta }])
    const asForm = await sendRaw(url, {
      method: 'POST',
      headers: { ...authorization, ...FORM },
      body: `public_key=${encodeURIComponent(KEY_A)}`,
    })
    expect(outcome(asForm)).toEqual([200, { meta }])
    expect(outcome(await sendRaw(url, { headers: authorization }))).toEqual([
      200,
      { business_public_key: KEY_A, business_public_key_signature_status: 'VALID' },
    ])
  })
})

async function send(sid: string, apiKey: string, body: string, type: object = FORM) {
  const url = `${sandbox.kaleyraUrl}/v2/${sid}/whatsapp/${kaleyra.phoneNumber}/flows_encryption`
  return outcome(
    await sendRaw(url, { method: 'POST', headers: { 'api-key': apiKey, ...type }, body }),
  )
}

describe('the page "Set Encryption Public Key" of Kaleyra', () => {
  test('answers the printed success', async () => {
    expect(await send(kaleyra.sid, kaleyra.apiKey, KEY_FORM)).toEqual([
      200,
      {
        code: 'WA-200',
        message: 'Request Processed Successfully',
        data: { success: true },
        error: {},
      },
    ])
  })

  test('answers the printed 401 of a wrong SID or API key', async () => {
    expect(await send(kaleyra.sid, 'wrong', KEY_FORM)).toEqual([
      401,
      {
        code: 'RBC001',
        message: 'Incorrect SID or API key.',
        data: [],
        error: { error: 'Incorrect SID or API key.' },
      },
    ])
  })

  test('answers the printed 401 of a wrong account', async () => {
    const text = 'API is not available for given customer.Please contact support for more info'
    expect(await send(kaleyra.closedSid, kaleyra.closedApiKey, KEY_FORM)).toEqual([
      401,
      { code: 'WA-401', message: text, data: {}, error: text },
    ])
  })

  test('answers the printed 400 of an incorrect payload', async () => {
    const json = { 'Content-Type': 'application/json' }
    expect(await send(kaleyra.sid, kaleyra.apiKey, '{"business_public_key":"x"}', json)).toEqual([
      400,
      {
        code: 'WA-400',
        message: 'Refer to correct payload format',
        data: {},
        error: { payload: 'Incorrect payload format' },
      },
    ])
  })

  test('answers the printed 500', async () => {
    const answer = { kind: 'vendor-error' as const, code: 'WA-500' }
    await sandbox.control.addFault({ upstream: 'kaleyra', answer })
    expect(await send(kaleyra.sid, kaleyra.apiKey, KEY_FORM)).toEqual([
      500,
      {
        code: 'WA-500',
        message: 'Please try again later',
        data: {},
        error: { error: 'Internal server error' },
      },
    ])
  })
})
