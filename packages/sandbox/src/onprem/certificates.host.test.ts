import { DAY } from '@latchkey/core'
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../shared/pem.ts'
import { testSandbox, type Called, type TestSandbox } from '../testing/call.ts'
import { bundleOf, mintChain } from '../testing/chains.ts'
import { TEST_TIME } from '../testing/clock.ts'
import { containing } from '../testing/containing.ts'
import { PRIVATE_KEY_LOOKALIKE } from '../testing/keys.ts'
import { bearerOf, sendText } from '../testing/onprem.ts'

// workerd's checkPrivateKey() is false for every key, so the judgement of bundles runs on hosts alone.

const EXTERNAL = '/onprem/v1/certificates/external'
const EXTERNAL_CA = `${EXTERNAL}/ca`
const WEBHOOK_CA = '/onprem/v1/certificates/webhooks/ca'

const chain = mintChain()
const other = mintChain()
const bundle = bundleOf(chain)

function failure(code: number): unknown {
  return containing({ errors: [containing({ code })] })
}

/** The same certificate with the name of P-256 (RFC 5480 §2.1.1.1) made that of no curve. */
function onNoCurve(pem: string): string {
  const der = new X509Certificate(pem).raw.toString('hex')
  const spoilt = der.replace('2a8648ce3d030107', '2a8648ce3d03017f')
  const lines =
    Buffer.from(spoilt, 'hex')
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function outcome({ status, json }: Called): unknown {
  return [status, json]
}

async function get(sandbox: TestSandbox, path: string): Promise<Called> {
  return sandbox.call(path, { headers: await bearerOf(sandbox) })
}

async function details(sandbox: TestSandbox) {
  return (await sandbox.control.state('onprem')).details
}

function fingerprint(pem: string): string {
  return fingerprintOf(new X509Certificate(pem))
}

describe('POST certificates/external', () => {
  test('answers null, and the bundle is served only after a restart', async () => {
    const sandbox = testSandbox()
    const uploaded = await sendText(sandbox, EXTERNAL, bundle)
    expect([uploaded.status, uploaded.text]).toEqual([200, 'null'])
    const view = {
      origin: 'uploaded',
      subject: 'CN=wa.example.com',
      fingerprints: [
        fingerprint(chain.leaf.certificate),
        fingerprint(chain.intermediate.certificate),
      ],
    }
    expect(await details(sandbox)).toMatchObject({
      webapp: 'up',
      stored: view,
      served: { origin: 'generated' },
    })
    await sandbox.control.restart()
    expect(await details(sandbox)).toMatchObject({ webapp: 'up', served: view })
  })

  test('overwrites what was there, and takes a chain with its root', async () => {
    const sandbox = testSandbox()
    await sendText(sandbox, EXTERNAL, bundle)
    const whole = `${bundleOf(other)}${other.root.certificate}`
    expect((await sendText(sandbox, EXTERNAL, whole)).status).toBe(200)
    await sandbox.control.restart()
    const { served } = await details(sandbox)
    expect(served?.fingerprints[0]).toBe(fingerprint(other.leaf.certificate))
  })

  test('fails without an intermediate, by the code of the knob', async () => {
    const sandbox = testSandbox()
    const { privateKey, certificate } = chain.leaf
    const send = async () => outcome(await sendText(sandbox, EXTERNAL, privateKey + certificate))
    expect(await send()).toEqual([400, failure(1009)])
    await sandbox.control.setKnobs('onprem', { badUploadCode: 1014 })
    expect(await send()).toEqual([500, failure(1014)])
    expect((await details(sandbox)).stored?.origin).toBe('generated')
  })

  test('refuses whoever is no admin, an empty body and another content type', async () => {
    const sandbox = testSandbox()
    expect(outcome(await sendText(sandbox, EXTERNAL, bundle, 'reader'))).toEqual([
      403,
      failure(1005),
    ])
    expect(outcome(await sendText(sandbox, EXTERNAL, ''))).toEqual([400, failure(1008)])
    const headers = { ...(await bearerOf(sandbox)), 'content-type': 'application/x-pem-file' }
    const misnamed = await sandbox.call(EXTERNAL, { method: 'POST', headers, body: bundle })
    expect(outcome(misnamed)).toEqual([400, failure(1025)])
    expect((await sandbox.call(EXTERNAL, { method: 'POST' })).status).toBe(401)
  })

  test('is recorded byte for byte, and the key in it is no incident', async () => {
    const sandbox = testSandbox()
    await sendText(sandbox, EXTERNAL, bundle)
    const { requests } = await sandbox.control.requests({ path: '/v1/certificates/external' })
    expect(requests.map((each) => each.text)).toEqual([bundle])
    expect(await sandbox.control.incidents()).toEqual([])
  })
})

describe('a web server that cannot start', () => {
  const { leaf, intermediate } = chain
  const outdated = mintChain({ notBefore: TEST_TIME - 2 * DAY, notAfter: TEST_TIME - DAY })
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const encrypted =
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n'

  test.each([
    ['wrong-order', leaf.certificate + intermediate.certificate + leaf.privateKey],
    ['wrong-order', leaf.privateKey + intermediate.certificate + leaf.certificate],
    ['wrong-order', leaf.certificate + intermediate.certificate],
    ['unreadable-key', encrypted + leaf.certificate + intermediate.certificate],
    ['unreadable-certificate', leaf.privateKey + leaf.certificate + broken],
    ['key-mismatch', other.leaf.privateKey + leaf.certificate + intermediate.certificate],
    ['broken-chain', leaf.privateKey + leaf.certificate + other.root.certificate],
    // Same name, another key: only the signature tells.
    ['broken-chain', leaf.privateKey + leaf.certificate + other.intermediate.certificate],
    ['broken-chain', leaf.privateKey + leaf.certificate + leaf.certificate],
    ['broken-chain', leaf.privateKey + leaf.certificate + onNoCurve(intermediate.certificate)],
    ['outside-validity', bundleOf(outdated)],
  ])('%s passes the upload and is down after the restart', async (problem, pem) => {
    const sandbox = testSandbox()
    expect((await sendText(sandbox, EXTERNAL, pem)).status).toBe(200)
    expect((await details(sandbox)).webapp).toBe('up')
    await sandbox.control.restart()
    expect(await details(sandbox)).toMatchObject({ webapp: 'down', problem, served: null })
    const reply = await sandbox.handle(new Request(`http://sandbox.test${EXTERNAL_CA}`))
    expect(reply).toEqual({ kind: 'reset' })
  })

  test('comes back with a certificate of its own, once its table is dropped', async () => {
    const sandbox = testSandbox()
    const before = (await details(sandbox)).served?.fingerprints
    await sendText(sandbox, EXTERNAL, bundleOf({ ...chain, leaf: other.leaf }))
    await sandbox.control.restart()
    await sandbox.control.restart()
    expect((await details(sandbox)).webapp).toBe('down')
    await sandbox.control.dropCertsTable()
    expect(await details(sandbox)).toMatchObject({ webapp: 'down', stored: null })
    await sandbox.control.restart()
    const after = await details(sandbox)
    expect(after).toMatchObject({ webapp: 'up', problem: null, served: { origin: 'generated' } })
    expect(after.served?.fingerprints).not.toEqual(before)
  })

  test('starts with an expired certificate by knob, and is up until a restart finds it expired', async () => {
    const sandbox = testSandbox()
    await sendText(sandbox, EXTERNAL, bundle)
    await sandbox.control.restart()
    await sandbox.control.advanceClock(91 * DAY)
    expect((await details(sandbox)).webapp).toBe('up')
    await sandbox.control.setKnobs('onprem', { expiredBundle: 'served' })
    await sandbox.control.restart()
    expect((await details(sandbox)).webapp).toBe('up')
    await sandbox.control.setKnobs('onprem', { expiredBundle: 'bricks' })
    await sandbox.control.restart()
    expect((await details(sandbox)).problem).toBe('outside-validity')
  })
})

describe('GET certificates/external/ca', () => {
  test("gives the client's own CA as a file, to any user", async () => {
    const sandbox = testSandbox()
    const headers = await bearerOf(sandbox, 'reader')
    const answer = await sandbox.call(EXTERNAL_CA, { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="ca.pem"')
    expect(answer.headers.get('last-modified')).toBe('Sat, 21 Nov 2026 12:00:00 GMT')
    const { subject, ca } = new X509Certificate(answer.text)
    expect(subject).toContain('OU=Enterprise Client - AutoGen CA')
    expect(ca).toBe(true)
  })

  test('is 404 with no body where there is none', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('onprem', { externalCa: 'none' })
    const bare = async () => {
      const { status, text } = await get(sandbox, EXTERNAL_CA)
      return [status, text]
    }
    expect(await bare()).toEqual([404, ''])
    await sandbox.control.setKnobs('onprem', { externalCa: 'generated' })
    await sandbox.control.dropCertsTable()
    expect(await bare()).toEqual([404, ''])
  })

  test('gives what follows the leaf of an upload', async () => {
    const sandbox = testSandbox()
    await sendText(sandbox, EXTERNAL, bundle)
    expect((await get(sandbox, EXTERNAL_CA)).text).toBe(chain.intermediate.certificate)
  })
})

describe('certificates/webhooks/ca', () => {
  const pem = chain.root.certificate + other.root.certificate

  test('takes several certificates, gives them back, and is live after a restart of the Coreapp', async () => {
    const sandbox = testSandbox()
    expect((await sendText(sandbox, WEBHOOK_CA, pem)).text).toBe('null')
    const read = await get(sandbox, WEBHOOK_CA)
    expect([read.headers.get('content-type'), read.text]).toEqual(['text/plain;charset=UTF-8', pem])
    expect((await details(sandbox)).webhookCa).toEqual({ stored: pem, live: null })
    await sandbox.control.restart('webapp')
    expect((await details(sandbox)).webhookCa.live).toBe(null)
    await sandbox.control.restart('coreapp')
    expect((await details(sandbox)).webhookCa.live).toBe(pem)
  })

  test('is removed by DELETE; writes answer {} by knob', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('onprem', { webhookCaAnswer: 'object' })
    expect((await sendText(sandbox, WEBHOOK_CA, pem)).text).toBe('{}')
    const headers = await bearerOf(sandbox)
    const remove = () => sandbox.call(WEBHOOK_CA, { method: 'DELETE', headers })
    expect((await remove()).text).toBe('{}')
    expect((await remove()).status).toBe(404)
  })

  test('is 404 where there is none: with no body, or with 1006 by knob', async () => {
    const sandbox = testSandbox()
    const { status, text } = await get(sandbox, WEBHOOK_CA)
    expect([status, text]).toEqual([404, ''])
    await sandbox.control.setKnobs('onprem', { missingWebhookCa: 'json' })
    expect(outcome(await get(sandbox, WEBHOOK_CA))).toEqual([404, failure(1006)])
  })

  test('needs the admin role for all three, and a certificate to write', async () => {
    const sandbox = testSandbox()
    const headers = await bearerOf(sandbox, 'reader')
    const statuses: number[] = []
    for (const method of ['GET', 'POST', 'DELETE'])
      statuses.push((await sandbox.call(WEBHOOK_CA, { method, headers })).status)
    expect(statuses).toEqual([403, 403, 403])
    expect(outcome(await sendText(sandbox, WEBHOOK_CA, 'not PEM'))).toEqual([400, failure(1009)])
  })

  // A CA file with the key beside it, as many a tool writes it, must never leave the gateway.
  test('a private key sent here is an incident', async () => {
    const sandbox = testSandbox()
    await sendText(sandbox, WEBHOOK_CA, pem + PRIVATE_KEY_LOOKALIKE)
    expect(await sandbox.control.incidents()).toEqual([
      containing({ kind: 'private-key', path: '/v1/certificates/webhooks/ca' }),
    ])
  })
})
