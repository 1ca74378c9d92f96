import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR, MINUTE } from '@latchkey/core'
import { type FaultRule, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { type Certificates, openCertificates, shownIn } from '../api/harness/certificate-calls.ts'
import { mintChain, type TestChain } from '../api/harness/certificates.ts'
import { call, type Requesting, type Sent } from '../api/harness/client.ts'
import { eventually } from '../api/harness/eventually.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { eventsOf } from '../api/harness/key-calls.ts'
import { secretOf, traceFinder } from '../secrets/key-traces.ts'
import { filesBelow } from '../secrets/watched.ts'
import { startMortal } from '../support/mortal-server.ts'

const TIMEOUT_MS = 60_000
/** Longer than it takes to notice that a call has arrived, and to kill who waits for its answer. */
const ANSWER_MS = 10_000
const ONCE = { headers: { 'idempotency-key': 'once' } }
const STEPS_MAX = 12
/** For so long nobody else takes over an Idempotency-Key. */
const CLAIM_MS = 3 * MINUTE

const page = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) })

let folder: string
let sandbox: Sandbox
let chain: TestChain
let other: TestChain
beforeAll(async () => {
  ;[chain, other] = await Promise.all([mintChain(), mintChain()])
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-crash-'))
  sandbox = await startSandbox()
})
afterEach(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const uploadBody = () => ({ purpose: 'server', source: { type: 'upload', pem: chain.bundle } })
const create = (api: Requesting, { path }: Certificates, json: unknown): Promise<Sent> =>
  call(api, 'POST', path, { json, ...ONCE })
const requestsTo = async (path: string) => (await sandbox.control.requests({ path })).requests
const deployment = async () => (await sandbox.control.state('onprem')).details
const pbx = async () => (await sandbox.control.state('pbx')).details

interface Death {
  readonly provider: 'onprem' | 'pbx'
  readonly json: unknown
  /** Where the answer is kept back, so that the server waits for it. */
  readonly holds?: Pick<FaultRule, 'path'>
  /** The moment to kill it. */
  readonly hasCome: (sent: Promise<Sent | null>) => Promise<boolean>
}

/** Starts the server, asks it for a certificate, and kills it. */
async function killDuring({ provider, json, holds, hasCome }: Death): Promise<Certificates> {
  if (holds !== undefined) {
    await sandbox.control.addFault({ upstream: provider, ...holds, answerLatencyMs: ANSWER_MS })
  }
  const server = await startMortal(folder)
  try {
    const certificates = await openCertificates({ ...server, urls: urlsOf(sandbox) }, provider)
    const sent = create(server, certificates, json).catch(() => null)
    expect(await eventually(() => hasCome(sent), Boolean)).toBe(true)
    await server.kill()
    await sent
    return certificates
  } finally {
    await server.kill()
    await sandbox.control.clearFaults()
  }
}

/** What every aggregate says, as a copy of the database has it. */
async function storedStates(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'latchkey-copy-'))
  try {
    await cp(folder, copy, { recursive: true })
    const name = (await readdir(copy)).find((each) => each.endsWith('.db')) ?? ''
    const db = new DatabaseSync(join(copy, name))
    const rows = db.prepare('SELECT state FROM aggregates WHERE state IS NOT NULL').all()
    db.close()
    return JSON.stringify(rows)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** The ciphertext (RFC 7516 §7.1) of what is on its way; empty where nothing is. */
async function sealedNow(): Promise<string> {
  const [, jwe = ''] = /\\"material\\":\\"(eyJ[^\\]+)/.exec(await storedStates()) ?? []
  return jwe.split('.')[3] ?? ''
}

/** Whether any piece of a text is anywhere in the files, free space and all. */
function isKept(text: string): boolean {
  const pieces = text.match(/.{40}/g) ?? []
  const files = filesBelow(folder).map(({ content }) => Buffer.from(content).toString('latin1'))
  return files.some((file) => pieces.some((piece) => file.includes(piece)))
}

function expectNoKey(): void {
  const found = traceFinder(secretOf(chain.key), secretOf(other.key))
  for (const { where, content } of filesBelow(folder)) expect(found(content), where).toBe(null)
}

/** Goes on in this process, whose clock can be set, until the certificate is there. */
async function goOn(api: HostHarness, { path }: Certificates): Promise<string> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await api.advance(2 * MINUTE)
    const { data } = page.parse((await call(api, 'GET', `${path}?purpose=server`)).json)
    const [only, ...more] = data
    expect(more).toEqual([])
    if (only?.status === 'installed') return only.id
  }
  throw new Error('Cannot go on: the certificate is not there')
}

/** It is told of once, nothing is left of it that is secret, and asking for it again finds it. */
async function expectTold(api: HostHarness, certificates: Certificates, id: string, json: unknown) {
  const one = `${certificates.path}/${id}`
  expect(shownIn(await call(api, 'GET', one))).toMatchObject({ status: 'installed' })
  const types = (await eventsOf(api, id)).map(({ type }) => type)
  expect(types).toEqual(['certificate.requested', 'certificate.installed'])
  const verified = await call(api, 'GET', '/v1/events/verify')
  expect(verified.json, verified.text).toMatchObject({ valid: true, broken: [] })
  expect(await sealedNow()).toBe('')
  expectNoKey()
  // Until then the one who died may yet answer, for all that anybody knows.
  await api.advance(CLAIM_MS)
  const again = await create(api, certificates, json)
  expect(again.status, again.text).toBeLessThan(300)
  expect([shownIn(again).id, again.headers.get('location')]).toEqual([id, one])
}

async function recover(
  certificates: Certificates,
  json: unknown,
  expectThere: () => Promise<void>,
): Promise<void> {
  expectNoKey()
  const sealed = await sealedNow()
  expect(isKept(sealed)).toBe(sealed !== '')
  const api = await openHostHarness({ inherit: { folder, sandbox } })
  try {
    const id = await goOn(api, certificates)
    await expectThere()
    await expectTold(api, certificates, id, json)
    await api.advance(HOUR)
    await expectThere()
    expect(await sandbox.control.incidents()).toEqual([])
  } finally {
    await api.close()
  }
  expect(isKept(sealed)).toBe(false)
}

const UPLOAD = '/openapi/v1.0/certificate/upload'
const CREATE = '/openapi/v1.0/certificate/create'

test(
  'a server killed between the file and the certificate brings it to the PBX once',
  async () => {
    const json = uploadBody()
    const certificates = await killDuring({
      provider: 'pbx',
      json,
      holds: { path: UPLOAD },
      hasCome: async () => (await pbx()).uploads.length > 0,
    })
    expect(await requestsTo(CREATE)).toEqual([])
    expect(await sealedNow()).not.toBe('')
    await recover(certificates, json, async () => {
      expect((await pbx()).certificates).toMatchObject([{ fingerprint: chain.fingerprint }])
      expect(await requestsTo(CREATE)).toHaveLength(1)
    })
  },
  TIMEOUT_MS,
)

test(
  'a server killed before it learns that the PBX has a certificate does not add it again',
  async () => {
    const json = uploadBody()
    const certificates = await killDuring({
      provider: 'pbx',
      json,
      holds: { path: CREATE },
      hasCome: async () => (await pbx()).certificates.length > 0,
    })
    expect(await sealedNow()).not.toBe('')
    await recover(certificates, json, async () => {
      expect((await pbx()).certificates).toMatchObject([{ fingerprint: chain.fingerprint }])
      expect(await requestsTo(CREATE)).toHaveLength(1)
    })
  },
  TIMEOUT_MS,
)

test(
  'a server killed while the PBX obtains a certificate finds it when it is there',
  async () => {
    await sandbox.control.setKnobs('pbx', { issuanceMs: 20 * MINUTE })
    const json = {
      purpose: 'server',
      source: {
        type: 'apply',
        domain: 'pbx.example.com',
        dnsProvider: 'alidns',
        dnsParameters: { AccessKeyId: 'an-id', AccessKeySecret: 'a-secret' },
      },
    }
    const certificates = await killDuring({
      provider: 'pbx',
      json,
      hasCome: async (sent) => (await sent)?.status === 202,
    })
    expect((await pbx()).certificates).toMatchObject([{ apply_status: 'issuing' }])
    const api = await openHostHarness({ inherit: { folder, sandbox } })
    await api.advance(4 * MINUTE)
    const listed = page.parse((await call(api, 'GET', certificates.path)).json)
    expect(listed.data).toMatchObject([{ status: 'pending' }])
    await api.close()
    await sandbox.control.advanceClock(20 * MINUTE)
    await recover(certificates, json, async () => {
      expect((await pbx()).certificates).toMatchObject([
        { apply_status: 'issuance_success', issue_to: 'pbx.example.com' },
      ])
      expect(await requestsTo(CREATE)).toHaveLength(1)
    })
  },
  TIMEOUT_MS,
)

test(
  'a server killed during an On-Premises upload leaves the deployment with this one, and knows it',
  async () => {
    const json = uploadBody()
    const certificates = await killDuring({
      provider: 'onprem',
      json,
      holds: { path: '/v1/certificates/external' },
      hasCome: async () => (await deployment()).stored?.origin === 'uploaded',
    })
    expect(await sealedNow()).not.toBe('')
    await recover(certificates, json, async () => {
      // It cannot be asked for what it has: the same file is sent again.
      const sent = await requestsTo('/v1/certificates/external')
      expect(new Set(sent.map(({ text }) => text))).toEqual(new Set([chain.bundle]))
      await sandbox.control.restart()
      expect(await deployment()).toMatchObject({ webapp: 'up' })
      expect((await deployment()).served?.fingerprints[0]).toBe(chain.fingerprint)
    })
  },
  TIMEOUT_MS,
)
