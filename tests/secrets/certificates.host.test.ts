import { execFileSync } from 'node:child_process'
import { HOUR, MINUTE } from '@latchkey/core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openCertificates, shownIn } from '../api/harness/certificate-calls.ts'
import { mintChain, mintTrusted, type TestChain } from '../api/harness/certificates.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { canaryFinder } from './canaries.ts'
import { faultAnswers } from './echoes.ts'
import { filesBelow, type Watched, watch } from './watched.ts'

const PEM_TYPE = 'application/x-pem-file'
const PASSPHRASE = 'canary-passphrase-of-a-key'
const DNS_ID = 'canary-dns-access-key-id'
const DNS_SECRET = 'canary-dns-access-key-secret'
const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: DNS_ID, AccessKeySecret: DNS_SECRET },
}

/** Where the secret number of a P-256 key stands in its PKCS#8 (RFC 5208, RFC 5915). */
const SECRET_AT = 36
const SECRET_BYTES = 32

let api: HostHarness
let watched: Watched
let chain: TestChain
let other: TestChain
let encrypted: string
let secrets: readonly string[]

beforeAll(async () => {
  ;[chain, other] = await Promise.all([mintChain(), mintChain()])
  const toPkcs8 = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${PASSPHRASE}`]
  encrypted = execFileSync('openssl', toPkcs8, { input: chain.key, encoding: 'utf8' })
  secrets = [...spellingsOf(chain.key), ...spellingsOf(other.key), PASSPHRASE, DNS_ID, DNS_SECRET]
})
beforeEach(async () => {
  api = await openHostHarness()
  watched = watch(api)
})
afterEach(() => api.close())

/** The secret of a key as it stands in PEM, line by line, and by itself. The rest of PKCS#8 is public. */
function spellingsOf(pem: string): readonly string[] {
  const [, first = '', second = ''] = pem.split('\n')
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64')
  const secret = der.subarray(SECRET_AT, SECRET_AT + SECRET_BYTES)
  const at = (SECRET_AT / 3) * 4
  return [
    first.slice(at),
    second.slice(0, 24),
    secret.toString('hex'),
    secret.toString('base64url'),
  ]
}

async function expectNoTrace(): Promise<void> {
  await watched.call('GET', '/v1/events?limit=200')
  const found = canaryFinder(new Map(secrets.map((secret, index) => [`secret ${index}`, secret])))
  for (const { where, content } of [...watched.told(), ...filesBelow(api.folder)]) {
    expect(found(content), where).toBe(null)
  }
}

test('no private key, passphrase or DNS access shows in any answer, log line, event or file', async () => {
  const { path } = await openCertificates(api, 'onprem')
  const post = (json: unknown, headers: Record<string, string> = {}) =>
    watched.call('POST', path, { json, headers })
  const source = { type: 'upload', pem: chain.chain, privateKey: encrypted, passphrase: PASSPHRASE }
  const { pem, key } = await mintTrusted()

  for (const once of ['one', 'one', 'two']) {
    const sent = await post({ purpose: 'server', source }, { 'idempotency-key': once })
    expect(sent.status, sent.text).toBe(201)
    await watched.call('GET', `${path}/${shownIn(sent).id}/pem`)
  }
  const pemPath = `${path}?purpose=server`
  await watched.call('POST', pemPath, { body: chain.bundle, type: PEM_TYPE })
  for (const privateKey of [other.key, `${chain.key}cut`, 'none']) {
    await post({ purpose: 'server', source: { ...source, privateKey }, force: true })
  }
  await post({ purpose: 'server', source: { ...source, passphrase: DNS_SECRET } })
  await post({ purpose: 'webhook-ca', source: { type: 'upload', pem: pem + chain.key } })
  await post({ purpose: 'server', source, autoRenewal: DNS, [chain.key]: DNS_SECRET })
  await post({ purpose: 'server', source: { type: 'apply', domain: DNS_SECRET, ...DNS } })
  await post({ purpose: 'server', name: chain.key, source })
  const inspections = [source, { pem: chain.bundle }, { pem: key, privateKey: other.key }]
  for (const { type: _, ...json } of inspections.map((each) => ({ type: '', ...each }))) {
    await watched.call('POST', '/v1/certificates/inspect', { json })
  }
  await watched.call('POST', '/v1/public-keys/inspect', { json: { publicKey: chain.key } })
  await watched.call('GET', `${path}?fresh=true`)
  await expectNoTrace()
})

// An upstream that repeats what it was sent, in every place that it has; and one that leaves it unknown.
test('no private key shows where the deployment repeats it, or it is still on its way', async () => {
  const { path } = await openCertificates(api, 'onprem')
  await watched.call('GET', path)
  // It has no reason to spell it anew.
  const asSent = spellingsOf(chain.key).slice(0, 2)
  for (const answer of faultAnswers('onprem', [...asSent, chain.key])) {
    const struck = { upstream: 'onprem', method: 'POST', path: '/v1/certificates/**' } as const
    await api.sandbox.addFault({ ...struck, times: null, answer })
    const body = { body: chain.bundle, type: PEM_TYPE }
    const sent = await watched.call('POST', `${path}?purpose=server`, body)
    await api.sandbox.clearFaults()
    await watched.call('GET', path)
    expect(sent.status).not.toBe(500)
  }
  await expectNoTrace()
  for (let minutes = 0; minutes < 20; minutes += 4) await api.advance(4 * MINUTE)
  await api.advance(HOUR)
  await watched.call('GET', path)
  await expectNoTrace()
  expect(await api.sandbox.incidents()).toEqual([])
}, 60_000)

// A PBX lists the secrets of DNS accounts in the clear, and whoever reads certificates would have them.
test('no DNS access or private key shows where a PBX lists or repeats it', async () => {
  const { path } = await openCertificates(api, 'pbx')
  const apply = (index: number) =>
    watched.call('POST', path, {
      json: {
        purpose: 'server',
        source: { type: 'apply', domain: `pbx-${index}.example.com`, ...DNS },
      },
    })
  const upload = () =>
    watched.call('POST', path, {
      json: {
        purpose: 'server',
        source: { type: 'upload', pem: chain.bundle },
        autoRenewal: DNS,
      },
    })
  const applied = await apply(0)
  expect(applied.status, applied.text).toBe(202)
  const uploaded = await upload()
  expect(uploaded.status, uploaded.text).toBe(201)
  const one = `${path}/${shownIn(uploaded).id}`
  expect((await watched.call('PATCH', one, { json: { autoRenewal: DNS } })).status).toBe(200)
  await api.advance(MINUTE)
  for (const at of [`${path}?fresh=true`, one, `${one}/pem`, `${path}/${shownIn(applied).id}`]) {
    expect((await watched.call('GET', at)).status).toBe(200)
  }
  await expectNoTrace()

  const keyAsSent = [...spellingsOf(chain.key).slice(0, 2), chain.key]
  for (const [repeated, ...calls] of [
    [[DNS_SECRET, DNS_ID], apply, upload],
    [keyAsSent, upload],
  ] as const) {
    for (const [index, answer] of faultAnswers('pbx', repeated).entries()) {
      await api.sandbox.reset()
      const at = '/openapi/v1.0/certificate/*'
      const struck = { upstream: 'pbx', method: 'POST', path: at } as const
      await api.sandbox.addFault({ ...struck, times: null, answer })
      for (const each of calls) expect((await each(index)).status).not.toBe(500)
      await api.sandbox.clearFaults()
      await watched.call('GET', `${path}?fresh=true`)
    }
  }
  await expectNoTrace()
  for (let minutes = 0; minutes < 20; minutes += 4) await api.advance(4 * MINUTE)
  await watched.call('GET', path)
  await expectNoTrace()
}, 60_000)
