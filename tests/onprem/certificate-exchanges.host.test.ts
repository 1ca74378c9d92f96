import type { OperationName, OperationShapes } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'
import {
  FIXTURE_CA,
  FIXTURE_CERTIFICATE,
  FIXTURE_INTERMEDIATE,
  FIXTURE_PRIVATE_KEY,
} from '@latchkey/providers/fixtures'
import { SAMPLE, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { inspectBundle } from '@latchkey/x509'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProviderCaller, refusalOf } from '../support/provider-caller.ts'

/** Within the life of the fixture certificates, whatever this machine's clock says. */
const NOW = Date.UTC(2027, 0, 1)
const BUNDLE = FIXTURE_PRIVATE_KEY + FIXTURE_CERTIFICATE + FIXTURE_INTERMEDIATE
const { username, password, userUsername, userPassword } = SAMPLE.onprem

let sandbox: Sandbox
let admin: Caller
let reader: Caller

beforeAll(async () => {
  const clock = { ...systemClock, now: () => NOW }
  sandbox = await startSandbox({ clock })
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.control.reset()
  admin = await logIn({ username, password })
  reader = await logIn({ username: userUsername, password: userPassword })
})

type Caller = <Name extends OperationName>(
  name: Name,
  input: OperationShapes[Name]['input'],
) => Promise<OperationShapes[Name]['output']>

/** Calls as a user of the deployment, over real HTTP. */
async function logIn(credentials: Readonly<Record<string, string>>): Promise<Caller> {
  const caller = await createProviderCaller('onprem', {
    config: { baseUrl: sandbox.onpremUrl },
    credentials,
  })
  const session = await caller.open()
  return (name, input) => caller.call(session, name, input)
}

const upload = (by: Caller, purpose: 'server' | 'webhook-ca', pem: string) =>
  by('certificate.upload', { purpose, pem, staged: null, autoRenewal: null })
const remove = (by: Caller) =>
  by('certificate.remove', { purpose: 'webhook-ca', upstreamId: 'webhook-ca' })

/** PEM of what is listed; empty where nothing is. */
async function listed(by: Caller, purpose: 'server-ca' | 'webhook-ca') {
  const { certificates } = await by('certificate.list', { purpose, cursor: null })
  return certificates.map(({ upstreamId, pem }) => [upstreamId, pem])
}

const details = async () => (await sandbox.control.state('onprem')).details

describe('the server’s certificate', () => {
  test('is served after a restart, and its issuers are listed', async () => {
    expect(await upload(admin, 'server', BUNDLE)).toEqual({ name: null, status: 'installed' })
    expect(await details()).toMatchObject({
      stored: { subject: 'CN=fixture.example.com' },
      served: { origin: 'generated' },
    })
    await sandbox.control.restart()
    expect(await details()).toMatchObject({
      webapp: 'up',
      served: { subject: 'CN=fixture.example.com' },
    })
    expect(await listed(admin, 'server-ca')).toEqual([['server-ca', FIXTURE_INTERMEDIATE]])
    expect(await sandbox.control.incidents()).toEqual([])
  })

  // What the pre-flight is for: the deployment takes either file, and starts with only one of them.
  test('in the wrong order keeps the web server down, and is put in order by the pre-flight', async () => {
    const pem = FIXTURE_INTERMEDIATE + FIXTURE_CERTIFICATE + FIXTURE_PRIVATE_KEY
    await upload(admin, 'server', pem)
    await sandbox.control.restart()
    expect(await details()).toMatchObject({ webapp: 'down', problem: 'wrong-order' })
    expect((await refusalOf(listed(admin, 'server-ca')))[0]).toBe('upstream_unavailable')

    await sandbox.control.dropCertsTable()
    await sandbox.control.restart()
    const rules = { needsIntermediate: true, keyPlace: 'first' } as const
    const { normalizedPem } = await inspectBundle({ pem, purpose: 'server', rules, at: NOW })
    expect(normalizedPem).toBe(BUNDLE)
    await upload(admin, 'server', normalizedPem ?? '')
    await sandbox.control.restart()
    expect(await details()).toMatchObject({ webapp: 'up', problem: null })
  })

  test.each([
    [1009, ['upstream_rejected', '1009', 'no']],
    [1014, ['upstream_unavailable', '1014', 'unknown']],
  ] as const)('that is refused with %i changes nothing', async (badUploadCode, expected) => {
    await sandbox.control.setKnobs('onprem', { badUploadCode })
    const pem = FIXTURE_PRIVATE_KEY + FIXTURE_CERTIFICATE
    expect(await refusalOf(upload(admin, 'server', pem))).toEqual(expected)
    expect(await details()).toMatchObject({ stored: { origin: 'generated' } })
    const sent = await sandbox.control.requests({ path: '/v1/certificates/external' })
    expect(sent.requests.map(({ text }) => text)).toEqual([pem])
  })

  test('whose upload is lost is not sent again', async () => {
    const answer = { kind: 'reset' } as const
    await sandbox.control.addFault({ upstream: 'onprem', method: 'POST', apply: 'now', answer })
    const [code, , effect] = await refusalOf(upload(admin, 'server', BUNDLE))
    expect([code, effect]).toEqual(['upstream_unavailable', 'unknown'])
    const { requests } = await sandbox.control.requests({ path: '/v1/certificates/external' })
    expect(requests).toHaveLength(1)
  })
})

describe('the CA certificate of the server', () => {
  test('is the client’s own before anything was uploaded', async () => {
    const [[upstreamId, pem] = []] = await listed(reader, 'server-ca')
    expect([upstreamId, pem?.match(/BEGIN [A-Z ]+/g)]).toEqual(['server-ca', ['BEGIN CERTIFICATE']])
  })

  test('is none where the deployment answers 404 with no body', async () => {
    await sandbox.control.setKnobs('onprem', { externalCa: 'none' })
    expect(await listed(admin, 'server-ca')).toEqual([])
  })
})

describe('the webhook’s CA certificates', () => {
  test.each([
    { missingWebhookCa: 'empty', webhookCaAnswer: 'null' },
    { missingWebhookCa: 'json', webhookCaAnswer: 'object' },
  ] as const)('are set, listed and removed with %j', async (knobs) => {
    await sandbox.control.setKnobs('onprem', knobs)
    expect(await listed(admin, 'webhook-ca')).toEqual([])
    const pem = FIXTURE_CA + FIXTURE_INTERMEDIATE
    expect(await upload(admin, 'webhook-ca', pem)).toMatchObject({ status: 'installed' })
    expect(await listed(admin, 'webhook-ca')).toEqual([['webhook-ca', pem]])
    expect((await details()).webhookCa).toEqual({ stored: pem, live: null })
    await sandbox.control.restart('coreapp')
    expect((await details()).webhookCa.live).toBe(pem)
    expect(await remove(admin)).toEqual({})
    expect(await listed(admin, 'webhook-ca')).toEqual([])
    expect((await refusalOf(remove(admin)))[0]).toBe('upstream_rejected')
  })
})

test('a user without the admin role changes no certificate', async () => {
  const denied = ['upstream_unauthorized', '1005', 'no']
  expect(await refusalOf(upload(reader, 'server', BUNDLE))).toEqual(denied)
  expect(await refusalOf(upload(reader, 'webhook-ca', FIXTURE_CA))).toEqual(denied)
  expect(await refusalOf(remove(reader))).toEqual(denied)
  expect(await refusalOf(listed(reader, 'webhook-ca'))).toEqual(denied)
})
