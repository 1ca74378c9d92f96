import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { make, makeNumber } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { freshKey } from '../api/harness/keys.ts'
import { spellings, traceFinder } from './key-traces.ts'
import { ELSEWHERE, type Ids, PUBLISHED } from './misplaced-keys.ts'
import {
  HAS_SSH_KEYGEN,
  openSshForm,
  opensslForms,
  type PrivateKeyForm,
  shortForm,
} from './private-keys.ts'
import { filesBelow, type Watched, watch } from './watched.ts'

const forms = opensslForms()

let api: HostHarness
let watched: Watched
let ids: Ids
beforeEach(async () => {
  api = await openHostHarness()
  watched = watch(api)
  ids = await makeNumber(api, 'graph')
})
afterEach(() => api.close())

/** Nothing was sent, and nothing of the key is in what came out or was kept. */
async function expectNoTrace({ pem, other }: PrivateKeyForm): Promise<void> {
  const found = traceFinder(pem, other)
  const events = await watched.call('GET', '/v1/events?limit=200')
  expect(events.status).toBe(200)
  for (const { where, content } of [...watched.told(), ...filesBelow(api.folder)]) {
    expect(found(content), where).toBe(null)
  }
  expect((await api.sandbox.requests()).requests).toEqual([])
  expect(await api.sandbox.incidents()).toEqual([])
}

/** Tries a key in every place that it does not belong in. */
async function misplaceEverywhere(form: PrivateKeyForm): Promise<void> {
  for (const each of PUBLISHED) {
    const sent = await watched.call(
      each.method,
      each.path(ids, form.pem),
      each.options(ids, form.pem),
    )
    expect(sent.json, each.name).toMatchObject({ code: 'key_is_private', status: 422 })
  }
  for (const each of ELSEWHERE) {
    const sent = await watched.call(
      each.method,
      each.path(ids, form.pem),
      each.options(ids, form.pem),
    )
    expect(sent.status, `${each.name}: ${sent.text}`).toBeGreaterThanOrEqual(400)
    expect(sent.status, `${each.name}: ${sent.text}`).toBeLessThan(500)
  }
  await expectNoTrace(form)
}

describe('a private key handed in by mistake is refused, sent nowhere and seen nowhere', () => {
  // Somebody mixes up the two files that `openssl genrsa` and `openssl rsa -pubout` wrote.
  test.each([...forms])('%s', async (_name, form) => {
    await misplaceEverywhere(form)
  })

  test.skipIf(!HAS_SSH_KEYGEN)('OpenSSH (needs ssh-keygen)', async () => {
    await misplaceEverywhere(openSshForm())
  })

  // Ed25519 keys are short enough for a label, which is shown to everybody who may list numbers.
  test('one that fits into a name', async () => {
    const form = shortForm()
    const [, body = ''] = form.pem.split('\n')
    const { connectionId, numberId } = ids
    const connection = `/v1/connections/${connectionId}`
    const scopes = ['numbers:read']
    for (const text of [form.pem, body]) {
      const answers = [
        await watched.call('PATCH', `/v1/numbers/${numberId}`, { json: { label: text } }),
        await watched.call('PATCH', connection, { json: { name: text } }),
        await watched.call('POST', '/v1/tokens', { json: { name: text, scopes } }),
      ]
      for (const { status, json } of answers) {
        expect(status).toBe(400)
        expect(json).toMatchObject({ code: 'invalid_request' })
      }
    }
    await expectNoTrace(form)
  })
})

// Somebody published the wrong file by other means: reading it must not spread it further.
test('a private key that an upstream hands out is seen nowhere', async () => {
  const [form] = forms.values()
  if (form === undefined) throw new Error('Cannot test: no form was made')
  const { requests } = await publishTo(form)
  expect(requests.length).toBeGreaterThan(0)
  const found = traceFinder(form.pem, form.other)
  for (const { where, content } of [...watched.told(), ...filesBelow(api.folder)]) {
    expect(found(content), where).toBe(null)
  }
})

async function publishTo({ pem }: PrivateKeyForm) {
  const path = `/v1/numbers/${ids.numberId}/encryption-key`
  const upstreamId = '300000000000001'
  await api.sandbox.setNumber('graph', upstreamId, { key: { pem, status: 'VALID' } })
  for (const accept of ['application/json', 'application/x-pem-file', 'application/jwk+json']) {
    await watched.call('GET', `${path}?fresh=true`, { headers: { accept } })
  }
  const { pem: publicKey } = await freshKey()
  await watched.call('PUT', path, { json: { publicKey }, headers: { 'if-none-match': '*' } })
  await watched.call('GET', '/v1/events?limit=200')
  return api.sandbox.requests()
}

describe('the search', () => {
  test('finds a piece of a key in every spelling', () => {
    for (const [name, { pem, other }] of forms) {
      const found = traceFinder(pem, other)
      for (const [spelling, text] of spellings(pem)) {
        expect(found(`x${text.slice(-120, -80)}y`), `${name} ${spelling}`).not.toBe(null)
      }
      expect(found(other), name).toBe(null)
    }
  })

  test('sees what is stored', async () => {
    const label = 'a label that is kept as it is'
    await make(api, '/v1/numbers', {
      connectionId: ids.connectionId,
      upstreamId: '300000000000002',
      label,
    })
    const files = filesBelow(api.folder).map(({ content }) =>
      Buffer.from(content).toString('latin1'),
    )
    expect(files.some((text) => text.includes(label))).toBe(true)
  })
})
