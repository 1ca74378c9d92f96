import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, make } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { freshKey, type TestKey } from '../api/harness/keys.ts'
import { aside, onTheWire } from './compare.ts'
import type { SampleRequest } from './curl.ts'
import { HAS_SEEDS, lineAt, requestPlaces, sampleAt } from './seeds.ts'
import { CERTIFICATE_SAMPLES, FORM_ADVICE, type Sample, SAMPLES } from './table.ts'
import { record, type Recorder, type WireRequest } from './wire.ts'

const CREDENTIALS = {
  graph: { accessToken: 'ACCESS_TOKEN' },
  onprem: { token: 'your-auth-token' },
  kaleyra: { apiKey: 'an-api-key' },
} as const
const CONFIG = { graph: { version: 'v21.0' }, onprem: {}, kaleyra: { sid: 'HXAP16' } } as const
const UPSTREAM_IDS = {
  graph: '106540352242922',
  onprem: 'default',
  kaleyra: '+919900000001',
} as const
const ANSWERS = {
  graph: '{"success":true}',
  onprem: '{"meta":{}}',
  kaleyra: '{"code":"WA-200","data":{"success":true}}',
} as const
const READ_ANSWER = '{"business_public_key_signature_status":"MISMATCH"}'
const FORM = 'application/x-www-form-urlencoded'

let api: HostHarness
let key: TestKey
beforeAll(async () => {
  api = await openHostHarness()
  key = await freshKey()
})
afterAll(() => api.close())

/** What goes over the socket when somebody asks for this. */
async function sent({ provider, operation, config }: Omit<Sample, 'place'>): Promise<WireRequest> {
  const recorder = await record(operation === 'read' ? READ_ANSWER : ANSWERS[provider])
  try {
    const path = await numberAt(recorder, provider, config)
    const answer =
      operation === 'read'
        ? await call(api, 'GET', `${path}?fresh=true`)
        : await call(api, 'PUT', `${path}?verify=false`, { json: { publicKey: key.pem } })
    expect(answer.status, answer.text).toBe(200)
    expect(recorder.requests).toHaveLength(1)
    const [request] = recorder.requests
    if (request === undefined) throw new Error('Cannot compare: nothing was sent')
    return request
  } finally {
    await recorder.close()
  }
}

async function numberAt(
  { port }: Recorder,
  provider: Sample['provider'],
  config: Sample['config'],
): Promise<string> {
  const connectionId = await make(api, '/v1/connections', {
    provider,
    name: provider,
    config: { ...CONFIG[provider], ...config, baseUrl: `http://127.0.0.1:${port}` },
    credentials: CREDENTIALS[provider],
  })
  const upstreamId = UPSTREAM_IDS[provider]
  const numberId = await make(api, '/v1/numbers', { connectionId, upstreamId })
  return `/v1/numbers/${numberId}/encryption-key`
}

/** Key material aside too. */
function keyAside(request: SampleRequest, sample: Sample): SampleRequest {
  const fields = request.fields.map(([name, value]) => [name, withoutMaterial(value)] as const)
  return { ...aside(request, sample), fields }
}

/** The armour, and how its lines are broken; a template has a name for all of it. */
function withoutMaterial(value: string): string {
  const armoured = /^(-----BEGIN PUBLIC KEY-----\n)[^-]*(\n-----END PUBLIC KEY-----)$/
  return armoured.test(value) ? value.replace(armoured, '$1*$2') : '*'
}

describe.skipIf(!HAS_SEEDS)('what goes over the socket (needs ../shared/seeds)', () => {
  test('is compared with every request that the pages show', () => {
    const known = [...SAMPLES, ...CERTIFICATE_SAMPLES].map(({ place }) => place)
    expect(known.toSorted()).toEqual(requestPlaces().toSorted())
  })

  for (const sample of SAMPLES) {
    test(`equals the request at ${sample.place}`, async () => {
      const expected = keyAside(sampleAt(sample.place), sample)
      const ours = keyAside(onTheWire(await sent(sample)), sample)
      const template = expected.fields.some(([, value]) => value === '*')
      const compared = template
        ? { ...ours, fields: ours.fields.map(([name]) => [name, '*'] as const) }
        : ours
      const types = expected.headers.map(([, value]) => value)
      const headers = compared.headers.map(
        ([name, value], index) => [name, types[index] === '*' ? '*' : value] as const,
      )
      expect({ ...compared, headers }).toEqual(expected)
    })
  }

  test('is a form with the printed parameter, where the page wants one', async () => {
    expect(lineAt(FORM_ADVICE)).toContain('x-www-form-urlencoded')
    const request = await sent({ provider: 'onprem', operation: 'publish' })
    expect(new Map(request.headers).get('content-type')).toBe(FORM)
    const names = sampleAt('001:43').fields.map(([name]) => name)
    expect([...new URLSearchParams(request.body).keys()]).toEqual(names)
  })
})

describe('a form over the socket', () => {
  // curl escapes a space as %20, which servers of every kind undo; a plus sign only some.
  test.each(['graph', 'onprem', 'kaleyra'] as const)(
    'of %s is escaped as curl does it',
    async (provider) => {
      const request = await sent({ provider, operation: 'publish' })
      const [[name, value] = ['', '']] = new URLSearchParams(request.body)
      expect(value).toBe(key.pem.trimEnd())
      expect(request.body).toBe(`${name}=${encodeURIComponent(value)}`)
      const headers = new Map(request.headers)
      expect(headers.get('content-length')).toBe(String(request.body.length))
      expect(headers.has('transfer-encoding')).toBe(false)
      expect(request.version).toBe('HTTP/1.1')
    },
  )

  test('of graph ends with the proof, where the app has a secret', async () => {
    const recorder = await record(ANSWERS.graph)
    const credentials = { accessToken: 'ACCESS_TOKEN', appSecret: 'secret' }
    try {
      const connectionId = await make(api, '/v1/connections', {
        provider: 'graph',
        name: 'with a secret',
        config: { baseUrl: `http://127.0.0.1:${recorder.port}` },
        credentials,
      })
      const draft = { connectionId, upstreamId: UPSTREAM_IDS.graph }
      const path = `/v1/numbers/${await make(api, '/v1/numbers', draft)}/encryption-key?verify=false`
      await call(api, 'PUT', path, { json: { publicKey: key.pem } })
      const fields = [...new URLSearchParams(recorder.requests[0]?.body)]
      expect(fields.map(([name]) => name)).toEqual(['business_public_key', 'appsecret_proof'])
    } finally {
      await recorder.close()
    }
  })
})
