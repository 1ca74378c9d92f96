import { describe, expect, test } from 'vitest'
import { form, testSandbox, type Called, type TestSandbox } from '../testing/call.ts'
import { containing } from '../testing/containing.ts'
import { KEY_A, SHORT_KEY } from '../testing/keys.ts'
import { SAMPLE } from '../world.ts'
import { FAILURES } from './envelope.ts'

const { kaleyra } = SAMPLE
const KEY = 'business_public_key'
const SUCCESS = {
  code: 'WA-200',
  message: 'Request Processed Successfully',
  data: { success: true },
  error: {},
}

function pathOf(phone: string = kaleyra.phoneNumber, sid: string = kaleyra.sid): string {
  return `/kaleyra/v2/${sid}/whatsapp/${phone}/flows_encryption`
}

async function post(
  sandbox: TestSandbox,
  body: BodyInit | null = form(KEY, KEY_A),
  path = pathOf(),
  apiKey: string = kaleyra.apiKey,
): Promise<Called> {
  return sandbox.call(path, { method: 'POST', headers: { 'api-key': apiKey }, body })
}

function refusal(code: string): unknown {
  return containing({ code })
}

function outcome({ status, json }: Called): unknown {
  return [status, json]
}

describe('Kaleyra flows_encryption', () => {
  test('takes a key as a form, with the plus of the number plain or escaped', async () => {
    const sandbox = testSandbox()
    expect(outcome(await post(sandbox))).toEqual([200, SUCCESS])
    const escaped = pathOf(encodeURIComponent(kaleyra.phoneNumber))
    expect((await post(sandbox, form(KEY, KEY_A), escaped)).status).toBe(200)
    expect((await sandbox.control.state('kaleyra')).numbers[0]).toMatchObject({
      writes: 2,
      key: { pem: KEY_A, status: 'VALID' },
    })
  })

  test('refuses an unknown SID, a foreign API key and one made worthless with RBC001', async () => {
    const sandbox = testSandbox()
    const wrongSid = await post(sandbox, form(KEY, KEY_A), pathOf(undefined, 'HXNOBODY'))
    expect(outcome(wrongSid)).toEqual([401, refusal('RBC001')])
    const foreignKey = await post(sandbox, form(KEY, KEY_A), pathOf(), kaleyra.closedApiKey)
    expect(outcome(foreignKey)).toEqual([401, refusal('RBC001')])
    await sandbox.control.expireTokens('kaleyra')
    expect(outcome(await post(sandbox))).toEqual([401, refusal('RBC001')])
  })

  test('refuses an account without the API with WA-401', async () => {
    const path = pathOf(undefined, kaleyra.closedSid)
    const refused = await post(testSandbox(), form(KEY, KEY_A), path, kaleyra.closedApiKey)
    expect(outcome(refused)).toEqual([401, refusal('WA-401')])
  })

  test('refuses other encodings, other keys and other numbers with WA-400', async () => {
    const sandbox = testSandbox()
    const multipart = new FormData()
    multipart.set(KEY, KEY_A)
    expect(outcome(await post(sandbox, multipart))).toEqual([400, refusal('WA-400')])
    expect(outcome(await post(sandbox, form(KEY, SHORT_KEY)))).toEqual([400, refusal('WA-400')])
    for (const phone of ['+1', kaleyra.phoneNumber.slice(1), kaleyra.unregisteredPhoneNumber])
      expect((await post(sandbox, form(KEY, KEY_A), pathOf(phone))).status).toBe(400)
    expect(await sandbox.control.incidents()).toEqual([])
  })

  // Nobody knows what a post without a key does to a live number: it may erase the key.
  test.each([
    ['read', 200, KEY_A, 1],
    ['refuse', 400, KEY_A, 1],
    ['erase', 200, null, 2],
  ] as const)('records an empty post, and may %s', async (emptyPost, status, pem, writes) => {
    const sandbox = testSandbox()
    await post(sandbox)
    await sandbox.control.setKnobs('kaleyra', { emptyPost })
    expect((await post(sandbox, null)).status).toBe(status)
    const [number] = (await sandbox.control.state('kaleyra')).numbers
    expect([number?.key?.pem ?? null, number?.writes]).toEqual([pem, writes])
    expect(await sandbox.control.incidents()).toMatchObject([
      { kind: 'empty-post', upstream: 'kaleyra', path: pathOf().slice('/kaleyra'.length) },
    ])
  })

  test('refuses GET with 405, or reads the key by knob', async () => {
    const sandbox = testSandbox()
    await post(sandbox)
    const read = () => sandbox.call(pathOf(), { headers: { 'api-key': kaleyra.apiKey } })
    const refused = await read()
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
    await sandbox.control.setKnobs('kaleyra', { get: 'read' })
    expect((await read()).json).toMatchObject({ code: 'WA-200', data: { [KEY]: KEY_A } })
  })

  test('spells codes without a dash and errors otherwise, by knob', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('kaleyra', { codes: 'dashless', errors: 'string' })
    const refused = await post(sandbox, form(KEY, SHORT_KEY))
    expect(refused.json).toMatchObject({ code: 'WA400', error: 'Incorrect payload format' })
    await sandbox.control.setKnobs('kaleyra', { errors: 'object' })
    const path = pathOf(undefined, kaleyra.closedSid)
    const closed = await post(sandbox, form(KEY, KEY_A), path, kaleyra.closedApiKey)
    expect(closed.json).toMatchObject({
      code: 'WA401',
      error: { error: FAILURES['WA-401'].message },
    })
  })

  test('answers a vendor-error fault with WA-500', async () => {
    const sandbox = testSandbox()
    const answer = { kind: 'vendor-error' as const, code: 'WA-500' }
    await sandbox.control.addFault({ upstream: 'kaleyra', answer })
    expect(outcome(await post(sandbox))).toEqual([500, refusal('WA-500')])
    expect((await sandbox.control.state('kaleyra')).numbers[0]?.writes).toBe(0)
  })
})
