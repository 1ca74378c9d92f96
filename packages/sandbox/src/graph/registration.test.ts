import { DAY } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { form, testSandbox, type TestSandbox } from '../testing/call.ts'
import { containing } from '../testing/containing.ts'
import { KEY_A } from '../testing/keys.ts'
import { SAMPLE } from '../world.ts'

const { graph } = SAMPLE
const headers = { authorization: `Bearer ${graph.accessToken}` }
const NUMBER = `/graph/${graph.version}/${graph.unsetNumberId}`
const EDGE = `${NUMBER}/whatsapp_business_encryption`

async function post(sandbox: TestSandbox, path: string, body: object = {}) {
  const json = { ...headers, 'content-type': 'application/json' }
  const init = { method: 'POST', headers: json, body: JSON.stringify(body) }
  const answer = await sandbox.call(path, init)
  return [answer.status, answer.json]
}

const register = (sandbox: TestSandbox, pin = '123456') =>
  post(sandbox, `${NUMBER}/register`, { messaging_product: 'whatsapp', pin })

function failure(code: number): unknown {
  return { error: containing({ code }) }
}

async function statusOf(sandbox: TestSandbox): Promise<unknown> {
  return (await sandbox.call(EDGE, { headers })).json
}

describe('registering a number with Graph', () => {
  test('turns the key that it holds to MISMATCH, until a key is set again', async () => {
    const sandbox = testSandbox()
    const body = form('business_public_key', KEY_A)
    await sandbox.call(EDGE, { method: 'POST', headers, body })
    expect(await register(sandbox)).toEqual([200, { success: true }])
    expect(await statusOf(sandbox)).toMatchObject({
      data: [{ business_public_key_signature_status: 'MISMATCH' }],
    })
    await sandbox.call(EDGE, { method: 'POST', headers, body })
    expect(await statusOf(sandbox)).toMatchObject({
      data: [{ business_public_key_signature_status: 'VALID' }],
    })
  })

  test('answers 133010 at the key of a number that was deregistered', async () => {
    const sandbox = testSandbox()
    expect(await post(sandbox, `${NUMBER}/deregister`)).toEqual([200, { success: true }])
    expect(await statusOf(sandbox)).toEqual(failure(133010))
    expect(await post(sandbox, `${NUMBER}/deregister`)).toEqual([400, failure(133010)])
    await register(sandbox)
    expect(await statusOf(sandbox)).toEqual({ data: [] })
  })

  test('demands the product and a pin of six digits, the same one later', async () => {
    const sandbox = testSandbox()
    expect(await post(sandbox, `${NUMBER}/register`, { pin: '123456' })).toEqual([
      400,
      failure(100),
    ])
    expect(await register(sandbox, '12')).toEqual([400, failure(100)])
    expect(await register(sandbox)).toEqual([200, { success: true }])
    expect(await register(sandbox, '654321')).toEqual([400, failure(133005)])
  })

  test('allows ten registrations in 72 hours, then answers 133016', async () => {
    const sandbox = testSandbox()
    for (let count = 0; count < 10; count += 1) await register(sandbox)
    expect(await register(sandbox)).toEqual([400, failure(133016)])
    await sandbox.control.advanceClock(3 * DAY)
    expect(await register(sandbox)).toEqual([200, { success: true }])
  })
})
