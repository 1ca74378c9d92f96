import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Certificates,
  codesOf,
  openCertificates,
  shownIn,
} from '../api/harness/certificate-calls.ts'
import { call, type Sent } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { expectProblem } from '../api/harness/problem.ts'
import { type MangledBundle, prepare, type Recipe, recipes } from './mangled-bundle.ts'
import { type Algorithm, type Material, mintMaterial } from './mangled-material.ts'

const UPLOAD = '/v1/certificates/external'
const SEEDS = [1, 2, 3, 4]
/** Uploads for each seed; how many of them have to be taken, and how many refused, for the test to say something. */
const RUNS = 80
const EACH_MIN = 20
const TIMEOUT_MS = 60_000

let api: HostHarness
let certificates: Certificates
let material: Readonly<Record<Algorithm, Material>>

beforeAll(async () => {
  material = { ec: await mintMaterial('ec'), rsa: await mintMaterial('rsa') }
  api = await openHostHarness()
  certificates = await openCertificates(api, 'onprem')
})
afterAll(() => api.close())

function send({ sentAs }: Recipe, { pem, privateKey, passphrase }: MangledBundle): Promise<Sent> {
  const { path } = certificates
  if (sentAs === 'pem') {
    const options = { body: pem, type: 'application/x-pem-file' }
    return call(api, 'POST', `${path}?purpose=server`, options)
  }
  const source = {
    type: 'upload',
    pem,
    ...(privateKey === null ? {} : { privateKey }),
    ...(passphrase === null ? {} : { passphrase }),
  }
  return call(api, 'POST', path, { json: { purpose: 'server', source } })
}

/** Uploads to a fresh deployment, restarts it, and tells whether it was taken; throws where either went wrong. */
async function isTaken(recipe: Recipe): Promise<boolean> {
  const bundle = prepare(recipe, material[recipe.algorithm])
  await api.sandbox.dropCertsTable()
  await api.sandbox.restart()
  await api.sandbox.clearRequests()
  const sent = await send(recipe, bundle)
  const { requests } = await api.sandbox.requests({ upstream: 'onprem' })
  await api.sandbox.restart()
  const { details } = await api.sandbox.state('onprem')
  expect(details).toMatchObject({ webapp: 'up', problem: null })
  if (sent.status === 201) {
    const uploads = requests.filter(({ path }) => path === UPLOAD)
    expect(uploads).toHaveLength(1)
    expect(details.served?.fingerprints[0]).toBe(shownIn(sent).fingerprint)
    return true
  }
  await expectProblem(api, sent, 'certificate_invalid')
  expect(codesOf(sent, 'error')).not.toEqual([])
  expect(requests).toEqual([])
  expect(details.served?.origin).toBe('generated')
  expect([bundle.isWhole, sent.text]).toEqual([false, sent.text])
  return false
}

// A bad bundle passes the deployment's own look at it, and is found out when the API that could replace it is down.
describe('a mangled bundle on its way to an On-Premises deployment', () => {
  test.each(SEEDS)(
    `is one that it starts with, or never sent: ${RUNS} uploads (seed %i)`,
    async (seed) => {
      const taken: boolean[] = []
      const property = fc.asyncProperty(recipes, async (recipe) => {
        taken.push(await isTaken(recipe))
      })
      await fc.assert(property, { seed, numRuns: RUNS })
      const count = taken.filter(Boolean).length
      expect(count, 'taken').toBeGreaterThanOrEqual(EACH_MIN)
      expect(taken.length - count, 'refused').toBeGreaterThanOrEqual(EACH_MIN)
    },
    TIMEOUT_MS,
  )

  test('was never sent with a key where none belongs', async () => {
    expect(await api.sandbox.incidents()).toEqual([])
  })
})
