import { type ListedCertificate, MINUTE, type Session } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'
import {
  FIXTURE_CA,
  FIXTURE_CERTIFICATE,
  FIXTURE_INTERMEDIATE,
  FIXTURE_PRIVATE_KEY,
} from '@latchkey/providers/fixtures'
import { SAMPLE, type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProviderCaller, type ProviderCaller, refusalOf } from '../support/provider-caller.ts'

/** Within the life of the fixture certificates, whatever this machine's clock says. */
const NOW = Date.UTC(2027, 0, 1)
const BUNDLE = FIXTURE_PRIVATE_KEY + FIXTURE_CERTIFICATE + FIXTURE_INTERMEDIATE
const FIXTURE_END = Date.UTC(2076, 9, 19, 6, 9, 17)
const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: 'CANARY-1', AccessKeySecret: 'CANARY-2', TTL: 600 },
}

let sandbox: Sandbox
let pbx: ProviderCaller
let session: Session

beforeAll(async () => {
  sandbox = await startSandbox({ clock: { ...systemClock, now: () => NOW } })
  const { clientId, clientSecret } = SAMPLE.pbx
  pbx = await connect(clientId, clientSecret)
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.control.reset()
  session = await pbx.open()
})

function connect(clientId: string, clientSecret: string): Promise<ProviderCaller> {
  const config = { baseUrl: `${sandbox.pbxUrl}/openapi/v1.0` }
  return createProviderCaller('pbx', { config, credentials: { clientId, clientSecret } })
}

type Purpose = 'server' | 'trusted-ca'
const PEM = { server: BUNDLE, 'trusted-ca': FIXTURE_CA }

/** Uploads a file and makes a certificate of it. */
async function add(purpose: Purpose, fileName: string, autoRenewal: typeof DNS | null = null) {
  const pem = PEM[purpose]
  const { fileName: staged } = await pbx.call(session, 'certificate.stage', {
    purpose,
    fileName,
    pem,
  })
  return pbx.call(session, 'certificate.upload', { purpose, pem, staged, autoRenewal })
}

async function list(purpose: Purpose): Promise<readonly ListedCertificate[]> {
  const input = { purpose, cursor: null }
  return (await pbx.call(session, 'certificate.list', input)).certificates
}

async function get(...upstreamIds: readonly string[]) {
  return (await pbx.call(session, 'certificate.get', { upstreamIds })).certificates
}

const activate = (name: string) => pbx.call(session, 'certificate.activate', { name })
const update = (upstreamId: string, autoRenewal: typeof DNS | null) =>
  pbx.call(session, 'certificate.update', { upstreamId, autoRenewal })
const remove = (upstreamId: string) =>
  pbx.call(session, 'certificate.remove', { purpose: 'server', upstreamId })
const details = async () => (await sandbox.control.state('pbx')).details
/** Which calls there were, by the last parts of their paths. */
async function sent(): Promise<readonly string[]> {
  const { requests } = await sandbox.control.requests({ upstream: 'pbx' })
  return requests.map(({ method, path }) => `${method} ${path.replace('/openapi/v1.0/', '')}`)
}

describe('the session of a PBX', () => {
  test('opens, is renewed, and is given back', async () => {
    expect((await details()).liveTokens).toBe(1)
    expect(await pbx.call(session, 'connection.check', {})).toEqual({})
    const next = await pbx.renew(session)
    expect(next.secret).not.toBe(session.secret)
    expect(next.expiresAt ?? 0).toBeGreaterThan(systemClock.now() + 25 * MINUTE)
    await pbx.close(next)
    expect((await details()).liveTokens).toBe(0)
    const [code, vendor] = await refusalOf(pbx.call(next, 'connection.check', {}))
    expect([code, vendor]).toEqual(['upstream_unauthorized', '10004'])
  })

  test.each([
    ['rotates', ['upstream_unauthorized', '10004', 'no']],
    ['keeps', 'renewed'],
  ] as const)(
    'is renewed once more where the PBX %s its refresh tokens',
    async (refresh, again) => {
      await sandbox.control.setKnobs('pbx', { refresh })
      const next = await pbx.renew(session)
      expect((await pbx.renew(next)).secret).not.toBe(next.secret)
      const old = pbx.renew(session)
      if (again === 'renewed') expect((await old).secret).not.toBe('')
      else expect(await refusalOf(old)).toEqual(again)
    },
  )

  test('is one of 8, and a further one is told to wait', async () => {
    for (let count = 1; count < 8; count += 1) await pbx.open()
    expect(await refusalOf(pbx.open())).toEqual(['upstream_rate_limited', '60002', 'no'])
    await pbx.close(session)
    expect((await pbx.open()).secret).not.toBe('')
  })

  // Five wrong logins lock everybody out at this address: each of ours must be one and no more.
  test('that is refused is not asked for again', async () => {
    const stranger = await connect(SAMPLE.pbx.clientId, 'not-the-secret')
    await sandbox.control.clearRequests()
    for (let count = 1; count <= 5; count += 1) {
      expect(await refusalOf(stranger.open())).toEqual(['upstream_unauthorized', '-1', 'no'])
    }
    expect(await sent()).toEqual(Array.from({ length: 5 }, () => 'POST get_token'))
    expect(await refusalOf(pbx.open())).toEqual(['upstream_unauthorized', '70004', 'no'])
  })

  test('that is lost on its way is not opened twice', async () => {
    const answer = { kind: 'reset' } as const
    await sandbox.control.addFault({ upstream: 'pbx', method: 'POST', apply: 'now', answer })
    await sandbox.control.clearRequests()
    expect((await refusalOf(pbx.open()))[0]).toBe('upstream_unavailable')
    expect(await sent()).toEqual(['POST get_token'])
  })
})

describe('a certificate of a PBX', () => {
  test('is uploaded, listed, renewed, put in use and deleted', async () => {
    expect(await add('server', 'first.pem')).toEqual({ name: 'first.pem', status: 'installed' })
    await add('server', 'second.pem', DNS)
    await add('trusted-ca', 'ca.crt')
    const first: ListedCertificate = {
      upstreamId: '1',
      purpose: 'server',
      name: 'first.pem',
      status: 'installed',
      origin: 'upload',
      issuedTo: 'fixture.example.com',
      notAfter: FIXTURE_END,
      pem: null,
      autoRenewal: { enabled: false, dnsProvider: null },
      problem: null,
    }
    const second = {
      ...first,
      upstreamId: '2',
      name: 'second.pem',
      autoRenewal: { enabled: true, dnsProvider: 'alidns' },
    }
    expect(await list('server')).toEqual([first, second])
    expect(await list('trusted-ca')).toMatchObject([
      { upstreamId: '3', purpose: 'trusted-ca', name: 'ca.crt', issuedTo: 'Fixture root' },
    ])
    expect(await get('1')).toEqual([first])
    expect(await get('2', '9', '1')).toEqual([second, first])
    expect(await get('9')).toEqual([])

    await update('1', DNS)
    await update('2', null)
    const renewals = (await list('server')).map(({ autoRenewal }) => autoRenewal?.enabled)
    expect(renewals).toEqual([true, false])
    expect(JSON.stringify([await list('server'), await get('1')])).not.toContain('CANARY')

    await activate('first.pem')
    expect((await details()).httpsCertificate).toBe('first.pem')
    expect(await refusalOf(remove('1'))).toEqual(['upstream_rejected', '70091', 'no'])
    await activate('second.pem')
    await remove('1')
    expect(await get('1')).toEqual([])
    expect(await refusalOf(remove('1'))).toEqual(['upstream_rejected', '60001', 'no'])
    expect(await sandbox.control.incidents()).toEqual([])
  })

  // Without a User-Agent the PBX answers that a parameter is wrong, and a token elsewhere it does not see.
  test('is asked about as the PBX wants it: under a name, on connections of their own, with the token in the query alone', async () => {
    await sandbox.control.clearRequests()
    await add('server', 'first.pem', DNS)
    await list('server')
    const { requests } = await sandbox.control.requests({ upstream: 'pbx' })
    expect(requests).toHaveLength(3)
    for (const { headers, query, fields } of requests) {
      expect([headers['user-agent'], headers.connection]).toEqual(['OpenAPI', 'close'])
      expect(query.access_token).toBe(session.secret)
      expect(JSON.stringify([headers, fields])).not.toContain(session.secret)
    }
    expect(requests.map(({ encoding, fields }) => [encoding, Object.keys(fields)])).toEqual([
      ['multipart', ['type', 'file']],
      ['json', ['type', 'ca_type', 'name', 'auto_renewal', 'dns_provider', 'auth_info_list']],
      ['none', []],
    ])
    expect(requests[0]?.fields.file).toBe(BUNDLE)
  })

  test('that is applied for is pending until it is issued', async () => {
    const input = { domain: 'docstest.example.com', ...DNS }
    expect(await pbx.call(session, 'certificate.apply', input)).toEqual({
      name: 'docstest.example.com.pem',
      status: 'pending',
    })
    const pending = { status: 'pending', origin: 'apply', notAfter: null, problem: null }
    expect(await list('server')).toMatchObject([pending])
    expect(await refusalOf(activate('docstest.example.com.pem'))).toEqual([
      'upstream_rejected',
      '40002',
      'no',
    ])
    await sandbox.control.advanceClock(MINUTE)
    expect(await get('1')).toMatchObject([{ status: 'installed', notAfter: expect.any(Number) }])
    await activate('docstest.example.com.pem')
    expect((await details()).httpsCertificate).toBe('docstest.example.com.pem')
  })

  test('that could not be issued tells the code of its DNS provider', async () => {
    await sandbox.control.setKnobs('pbx', { issuance: 'fails', applyTipCode: 20_103 })
    await pbx.call(session, 'certificate.apply', { domain: 'a.example.com', ...DNS })
    await sandbox.control.advanceClock(MINUTE)
    const [listed] = await list('server')
    expect([listed?.status, listed?.problem]).toEqual([
      'failed',
      'The PBX could not obtain or renew it: apply_tip_code 20103, of the DNS provider',
    ])
  })

  test.each(['partial-success', 'processing'] as const)(
    'is written where a write is answered %s',
    async (writes) => {
      await sandbox.control.setKnobs('pbx', { writes })
      expect(await add('server', 'first.pem')).toMatchObject({ name: 'first.pem' })
      await update('1', DNS)
      await activate('first.pem')
      await activate('default')
      await remove('1')
      expect(await list('server')).toEqual([])
    },
  )

  test('is made of the file that the PBX has renamed', async () => {
    await sandbox.control.setKnobs('pbx', { uploadNames: 'renamed' })
    expect(await add('trusted-ca', 'ca.crt')).toMatchObject({ name: 'ca_1.crt' })
    expect(await list('trusted-ca')).toMatchObject([{ name: 'ca_1.crt' }])
  })

  test.each(['slashes', 'dashes', 'openssl', 'rfc3339', 'epoch'] as const)(
    'ends when its expiration says, written as %s',
    async (expiration) => {
      await sandbox.control.setKnobs('pbx', { expiration })
      await add('server', 'first.pem')
      expect(await list('server')).toMatchObject([{ notAfter: FIXTURE_END }])
    },
  )

  test('is one of 3 for the server, and its name is there once', async () => {
    for (const name of ['1.pem', '2.pem', '3.pem']) await add('server', name)
    expect(await refusalOf(add('server', '3.pem'))).toEqual(['upstream_rejected', '40003', 'no'])
    expect(await refusalOf(add('server', '4.pem'))).toEqual(['upstream_rejected', '60002', 'no'])
  })

  // The delete is a GET: whatever repeats those would delete what took its place.
  test.each([
    ['a delete', 'GET certificate/delete', () => remove('1')],
    ['an activation', 'POST webserver/update', () => activate('first.pem')],
    ['an update', 'POST certificate/update', () => update('1', null)],
    ['an upload', 'POST certificate/upload', () => add('server', 'second.pem')],
  ] as const)('%s whose answer is lost is not sent again', async (_what, call, write) => {
    await add('server', 'first.pem')
    const [method = '', path = ''] = call.split(' ')
    const answer = { kind: 'reset' } as const
    const where = { upstream: 'pbx', method, path: `/openapi/v1.0/${path}` } as const
    await sandbox.control.addFault({ ...where, apply: 'now', answer })
    await sandbox.control.clearRequests()
    const [code, , effect] = await refusalOf(write())
    expect([code, effect]).toEqual(['upstream_unavailable', 'unknown'])
    expect(await sent()).toEqual([call])
  })

  test.each([
    [70_082, 'upstream_unavailable', 'no'],
    [70_087, 'upstream_unauthorized', 'no'],
    [-2, 'upstream_unavailable', 'unknown'],
  ] as const)('that is answered %i comes to %s', async (code, fault, effect) => {
    const answer = { kind: 'vendor-error', code } as const
    const path = '/openapi/v1.0/webserver/update'
    await sandbox.control.addFault({ upstream: 'pbx', path, times: null, answer })
    expect(await refusalOf(activate('default'))).toEqual([fault, String(code), effect])
  })
})
