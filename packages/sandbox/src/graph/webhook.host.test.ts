import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { HOUR } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxControl } from '../control/client.ts'
import { startSandbox, type Sandbox } from '../serve.ts'
import { KEY_A, KEY_B } from '../testing/keys.ts'
import { startReceiver } from '../testing/webhook-receiver.ts'
import { SAMPLE } from '../world.ts'
import type { WebhookDelivery } from './webhook.ts'

const { graph } = SAMPLE
const { verifyToken } = graph
const NUMBER = graph.unsetNumberId
const TRIES = 200

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.control.setNumber('graph', NUMBER, { key: { pem: KEY_A, status: 'VALID' } })
})
afterEach(() => sandbox.close())

async function deliveries(): Promise<readonly WebhookDelivery[]> {
  return (await sandbox.control.state('graph')).details.webhook?.deliveries ?? []
}

/** What was sent, when so much of it is as it should be. */
async function until(
  passes: (deliveries: readonly WebhookDelivery[]) => boolean,
): Promise<readonly WebhookDelivery[]> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const present = await deliveries()
    if (passes(present)) return present
    await sleep(10)
  }
  return deliveries()
}

const delivered = (count: number) => (present: readonly WebhookDelivery[]) =>
  present.filter(({ state }) => state === 'delivered').length >= count

function changeOf({ body }: Pick<WebhookDelivery, 'body'>): unknown {
  const delivery: { readonly entry: readonly { readonly changes: readonly unknown[] }[] } =
    JSON.parse(body)
  return delivery.entry[0]?.changes[0]
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.message : 'not an error'),
  )
}

describe('an address for webhooks', () => {
  test('confirms itself by its token before anything is sent there', async () => {
    const receiver = await startReceiver(verifyToken)
    const subscription = { callbackUrl: receiver.url, verifyToken: 'another' }
    const { control } = sandbox
    expect(await problemOf(control.subscribe(subscription))).toMatch(/callbackUrl .*challenge/)
    await control.setNumber('graph', NUMBER, { key: null })
    expect((await control.state('graph')).details.webhook).toBeNull()
    await sandboxControl(sandbox.url).subscribe({ callbackUrl: receiver.url, verifyToken })
    expect((await control.state('graph')).details.webhook?.callbackUrl).toBe(receiver.url)
    expect(receiver.greetings()).toHaveLength(2)
    expect(receiver.deliveries()).toEqual([])
    await receiver.close()
  })

  // A sandbox that calls any address is a way around every host policy.
  test.each([
    'http://10.0.0.1/',
    'http://127.0.0.1.example.com/',
    'https://example.com/',
    'file:///etc/passwd',
    'none',
  ])('is never %s', async (callbackUrl) => {
    const problem = await problemOf(sandbox.control.subscribe({ callbackUrl, verifyToken }))
    expect(problem).toMatch(/^callbackUrl must be an http URL of this machine/)
  })

  test('that does not answer is none', async () => {
    const receiver = await startReceiver(verifyToken)
    await receiver.close()
    const subscription = { callbackUrl: receiver.url, verifyToken }
    expect(await problemOf(sandbox.control.subscribe(subscription))).toMatch(/challenge/)
  })
})

describe('what a webhook tells', () => {
  test('is signed over its bytes, which are escaped as Meta escapes them', async () => {
    const receiver = await startReceiver(verifyToken)
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await sandbox.control.setNumber('graph', NUMBER, { key: null })
    await until(delivered(1))
    const [sent] = receiver.deliveries()
    const mark = createHmac('sha256', graph.appSecret).update(sent?.body ?? '')
    expect(sent?.signature).toBe(`sha256=${mark.digest('hex')}`)
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [{ id: graph.wabaId }],
    })
    await receiver.close()
  })

  const mismatched = { pem: KEY_A, status: 'MISMATCH' } as const
  const other = { pem: KEY_B, status: 'VALID' } as const
  test.each([
    ['no key', 'example', 'PUBLIC_KEY_MISSING', null],
    ['no key', 'table', 'public-key-missing', null],
    ['a bad signature', 'example', 'PUBLIC_KEY_SIGNITURE_VERIFICATION', mismatched],
    ['a bad signature', 'table', 'public-key-signiture-verification', mismatched],
    ['another key', 'example', 'BUSINESS_DECRYPTION_ERROR', other],
    ['another key', 'table', 'business-decryption-error', other],
  ] as const)('of %s is an alert, as the page’s %s has it: %s', async (...row) => {
    const [, alertSpelling, errorType, key] = row
    const receiver = await startReceiver(verifyToken)
    const { control } = sandbox
    await control.setKnobs('graph', { alertSpelling })
    await control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await control.setNumber('graph', NUMBER, { key })
    const sent = await until(delivered(1))
    expect(sent.map((each) => changeOf(each))).toMatchObject([
      {
        field: 'flows',
        value: { alert_state: 'ACTIVATED', errors: [{ error_type: errorType }] },
      },
    ])
    await receiver.close()
  })

  test('when a number is registered again is that, and that its key does not fit', async () => {
    const receiver = await startReceiver(verifyToken)
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await fetch(`${sandbox.graphUrl}/${graph.version}/${NUMBER}/register`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${graph.accessToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ messaging_product: 'whatsapp', pin: '123456' }),
    })
    const sent = await until(delivered(2))
    expect(sent.map((each) => changeOf(each))).toMatchObject([
      { field: 'phone_number_quality_update', value: { event: 'ONBOARDING' } },
      { field: 'flows' },
    ])
    await receiver.close()
  })

  test('is only of the fields that were asked for', async () => {
    const receiver = await startReceiver(verifyToken)
    const fields = ['flows'] as const
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken, fields })
    await sandbox.control.reregister('graph', NUMBER)
    await until(delivered(1))
    expect((await deliveries()).map((each) => changeOf(each))).toMatchObject([{ field: 'flows' }])
    await receiver.close()
  })
})

describe('a delivery that is not taken', () => {
  test('is sent again, the same, ever more seldom', async () => {
    const receiver = await startReceiver(verifyToken, [500, 302])
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await sandbox.control.setNumber('graph', NUMBER, { key: null })
    await until(([only]) => only?.attempts === 1)
    await sandbox.control.advanceClock(1_000)
    await until(([only]) => only?.attempts === 2)
    await sandbox.control.advanceClock(10_000)
    const [only] = await until(delivered(1))
    expect(only).toMatchObject({ attempts: 3, status: 200 })
    expect(new Set(receiver.deliveries().map(({ body }) => body)).size).toBe(1)
    await receiver.close()
  })

  test('is given up in the end', async () => {
    const receiver = await startReceiver(
      verifyToken,
      Array.from({ length: 20 }, () => 500),
    )
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await sandbox.control.setNumber('graph', NUMBER, { key: null })
    for (let attempt = 1; attempt < 9; attempt += 1) {
      await until(([only]) => only?.attempts === attempt)
      await sandbox.control.advanceClock(20 * HOUR)
    }
    const [only] = await until(([each]) => each?.state === 'given up')
    expect(only).toMatchObject({ attempts: 9, state: 'given up' })
    await receiver.close()
  })

  test('is forgotten with its subscription', async () => {
    const receiver = await startReceiver(verifyToken, [500])
    await sandbox.control.subscribe({ callbackUrl: receiver.url, verifyToken })
    await sandbox.control.setNumber('graph', NUMBER, { key: null })
    await until(([only]) => only?.attempts === 1)
    await sandboxControl(sandbox.url).unsubscribe()
    await sandbox.control.advanceClock(40 * HOUR)
    await sleep(50)
    expect(receiver.deliveries()).toHaveLength(1)
    await receiver.close()
  })
})
