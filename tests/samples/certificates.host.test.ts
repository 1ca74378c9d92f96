import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { shownIn } from '../api/harness/certificate-calls.ts'
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../api/harness/certificates.ts'
import { call, make, type Sent } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { aside, onTheWire } from './compare.ts'
import type { SampleRequest } from './curl.ts'
import { answerAt, HAS_SEEDS, lineAt, sampleAt } from './seeds.ts'
import { CERTIFICATE_ANSWERS, CERTIFICATE_SAMPLES, type CertificateSample } from './table.ts'
import { record, type WireAnswer, type WireRequest } from './wire.ts'

const CREDENTIALS = {
  onprem: { token: 'your-auth-token' },
  pbx: { clientId: 'a-client', clientSecret: 'a-client-secret' },
} as const
const TOKEN =
  '{"errcode":0,"errmsg":"SUCCESS","access_token":"a-token","access_token_expire_time":1800}'

const created = z.object({ name: z.string(), apply_status: z.string() })
const authInfo = z.array(
  z.object({ k: z.string(), sv: z.string().optional(), iv: z.int().optional() }),
)

let api: HostHarness
let chain: TestChain
let authority: TestAuthority
beforeAll(async () => {
  api = await openHostHarness()
  chain = await mintChain()
  authority = await mintTrusted()
})
afterAll(() => api.close())

type Told = Pick<CertificateSample, 'provider' | 'does'>

interface Exchanged {
  readonly requests: readonly WireRequest[]
  readonly sent: Sent
}

/** What goes over the socket when somebody asks for this, and what comes of the printed answers. */
async function exchange(told: Told): Promise<Exchanged> {
  const answer = told.provider === 'onprem' ? answerOfDeployment : pbxAnswering(told)
  const recorder = await record(answer)
  try {
    const { provider } = told
    const baseUrl = `http://127.0.0.1:${recorder.port}`
    const credentials = CREDENTIALS[provider]
    const connection = { provider, name: provider, config: { baseUrl }, credentials }
    const path = `/v1/connections/${await make(api, '/v1/connections', connection)}/certificates`
    const sent =
      told.does === 'read'
        ? await call(api, 'GET', `${path}?fresh=true`)
        : await call(api, 'POST', path, { json: bodyOf(told) })
    return { requests: recorder.requests, sent }
  } finally {
    await recorder.close()
  }
}

function bodyOf({ provider, does }: Told): unknown {
  if (does === 'apply') return application()
  if (provider === 'onprem') {
    return {
      purpose: 'server',
      source: { type: 'upload', pem: chain.chain, privateKey: chain.key },
    }
  }
  const source = { type: 'upload', pem: authority.pem }
  return { purpose: 'trusted-ca', name: createdAt(CERTIFICATE_ANSWERS.pbxCreate).name, source }
}

/** The values of the page, as our API takes them. */
function application(): unknown {
  const fields = new Map(sampleAt('004:137').fields)
  const parameters = authInfo.parse(JSON.parse(fields.get('auth_info_list') ?? '[]'))
  const source = {
    type: 'apply',
    domain: fields.get('issue_to'),
    dnsProvider: fields.get('dns_provider'),
    dnsParameters: Object.fromEntries(parameters.map(({ k, sv, iv }) => [k, sv ?? iv])),
  }
  return { purpose: 'server', source }
}

function answerOfDeployment({ method, target }: WireRequest): WireAnswer {
  if (method === 'POST') return { body: lineAt(CERTIFICATE_ANSWERS.onpremUpload) }
  return {
    body: target.endsWith('/external/ca') ? chain.authority : authority.pem,
    type: 'text/plain',
  }
}

/** A PBX that lists what was made, by what the page says that it answered. */
function pbxAnswering({ does }: Told): (request: WireRequest) => WireAnswer {
  const place = does === 'apply' ? CERTIFICATE_ANSWERS.pbxApply : CERTIFICATE_ANSWERS.pbxCreate
  const type = does === 'apply' ? 'server' : 'trusted'
  const item = { id: 1, type, ca_type: does, issue_to: 'somebody', ...createdAt(place) }
  let isMade = false
  return ({ target }) => {
    const [, last = ''] = /([^/?]*)(?:\?|$)/.exec(target) ?? []
    switch (last) {
      case 'get_token':
        return { body: TOKEN }
      case 'upload':
        return { body: answerAt(CERTIFICATE_ANSWERS.pbxUpload) }
      case 'create':
        isMade = true
        return { body: answerAt(place) }
      default: {
        const certificates = isMade ? [item] : []
        return { body: JSON.stringify({ errcode: 0, certificate_list: certificates }) }
      }
    }
  }
}

function createdAt(place: string): z.output<typeof created> {
  return created.parse(JSON.parse(answerAt(place)))
}

/** What a sample shows, where it names things by a template. */
function expectedOf(sample: CertificateSample): SampleRequest {
  const { stands } = sample
  const shown = sampleAt(sample.place)
  const path = stands === undefined ? shown.path : shown.path.replace(stands.template, stands.for)
  return certificateAside({ ...shown, path }, sample)
}

const isFile = (name: string) => name === '' || name.includes('filename=*')

/** The content of files aside too. */
function certificateAside(request: SampleRequest, sample: CertificateSample): SampleRequest {
  const fields = request.fields.map(([name, value]) => [name, isFile(name) ? '*' : value] as const)
  return { ...aside(request, sample), fields }
}

describe.skipIf(!HAS_SEEDS)(
  'what goes over the socket for a certificate (needs ../shared/seeds)',
  () => {
    for (const sample of CERTIFICATE_SAMPLES) {
      test(`equals the request at ${sample.place}`, async () => {
        const { requests, sent } = await exchange(sample)
        expect(sent.status, sent.text).toBeLessThan(300)
        const expected = expectedOf(sample)
        const all = requests.map((request) => certificateAside(onTheWire(request), sample))
        const ours = all.filter(
          ({ method, path }) => method === expected.method && path === expected.path,
        )
        const told = sample.isBodyUntold === true ? { fields: [], encoding: null } : {}
        expect(ours.map((each) => ({ ...each, ...told }))).toEqual([expected])
      })
    }

    test('is the key, the certificate and its issuers, byte for byte, for an On-Premises deployment', async () => {
      const { requests } = await exchange({ provider: 'onprem', does: 'upload' })
      expect(requests.map(({ body }) => body)).toEqual([chain.bundle])
    })

    test('is the certificate in a file of its name for a PBX, which is then named as the PBX named it', async () => {
      const { requests } = await exchange({ provider: 'pbx', does: 'upload' })
      const upload = requests.find(({ target }) => target.includes('certificate/upload'))
      const { name } = createdAt(CERTIFICATE_ANSWERS.pbxCreate)
      expect(upload?.body).toContain(`filename="${name}"`)
      expect(onTheWire(upload ?? raise()).fields.at(-1)?.[1]).toBe(authority.pem)
    })
  },
)

describe.skipIf(!HAS_SEEDS)('the printed answers (needs ../shared/seeds)', () => {
  test('to an upload make a certificate that is installed', async () => {
    const { sent } = await exchange({ provider: 'pbx', does: 'upload' })
    const { name } = createdAt(CERTIFICATE_ANSWERS.pbxCreate)
    expect([sent.status, shownIn(sent)]).toMatchObject([201, { name, status: 'installed' }])
  })

  test('to an application make one that is pending under the name that the PBX gave it', async () => {
    const { sent } = await exchange({ provider: 'pbx', does: 'apply' })
    const { name } = createdAt(CERTIFICATE_ANSWERS.pbxApply)
    expect([sent.status, shownIn(sent)]).toMatchObject([202, { name, status: 'pending' }])
  })

  test('to an On-Premises upload make one that waits for its restart', async () => {
    const { sent } = await exchange({ provider: 'onprem', does: 'upload' })
    const { status, warnings } = shownIn(sent)
    expect([sent.status, status]).toEqual([201, 'installed'])
    expect(warnings.map(({ code }) => code)).toContain('restart_required')
  })
})

function raise(): never {
  throw new Error('Cannot compare: nothing was sent')
}
