import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { FIXTURE_PRIVATE_KEY } from '../shared/fixture-certificate.ts'
import { answer, bind, exchangeOf, outcomeOf, SESSION } from '../suite/bind.ts'
import { PBX_CODES } from './codes.ts'
import { pbxFixtures } from './fixtures.ts'
import { DNS } from './fixtures-requests.ts'
import { pbx } from './index.ts'

const connection = bind(pbx, pbxFixtures)
const list = exchangeOf(connection, 'certificate.list')
const upload = exchangeOf(connection, 'certificate.upload')

const LISTING = { purpose: 'trusted-ca', cursor: null }
const UPLOAD = {
  purpose: 'server',
  pem: FIXTURE_PRIVATE_KEY,
  staged: 'a.pem',
  autoRenewal: DNS,
}
const trusted = (id: number) => ({ id, type: 'trusted', name: `ca-${id}.crt` })

const said = (errcode: number, fields: object = {}) =>
  answer(200, JSON.stringify({ errcode, errmsg: 'SUCCESS', ...fields }))

/** What is listed by a PBX that gives pages of this size at most. */
async function listAll(held: number, size: number): Promise<readonly unknown[]> {
  const found: unknown[] = []
  let input: { readonly purpose: string; readonly cursor: string | null } = LISTING
  for (;;) {
    const { query = [] } = await list.request(input, SESSION)
    const page = Number(new Map(query).get('page'))
    const all = Array.from({ length: held }, (_, index) => trusted(index + 1))
    const certificate_list = all.slice((page - 1) * size, page * size)
    const { value } = await outcomeOf(
      list,
      said(0, { total_number: held, certificate_list }),
      input,
    )
    const { certificates, nextCursor } = paged(value)
    found.push(...certificates)
    if (nextCursor === null) return found
    input = { purpose: 'trusted-ca', cursor: nextCursor }
  }
}

describe('certificate.list of pbx', () => {
  test.each([
    [0, 50],
    [20, 50],
    [20, 20],
    [20, 10],
    [20, 7],
  ])('reads all of %i in pages of at most %i', async (held, size) => {
    const ids = (await listAll(held, size)).map((each) => JSON.stringify(each))
    expect(new Set(ids).size).toBe(held)
  })

  test('ends at an empty page, however many there are said to be', async () => {
    const answered = said(0, { total_number: 1000, certificate_list: [] })
    const { value } = await outcomeOf(list, answered, { purpose: 'trusted-ca', cursor: '3/40' })
    expect(value).toEqual({ certificates: [], nextCursor: null })
  })

  test('leaves out other types, and keeps names as they are, tokens or not', async () => {
    const name = 'wildcard-of-branch-office-7k2m9q.pem'
    const certificate_list = [
      { ...trusted(1), name },
      { id: 2, type: 'client', name: 'b.crt' },
      { id: 3, type: 'server', name: 'c.pem' },
    ]
    const { value } = await outcomeOf(list, said(0, { certificate_list }), LISTING)
    expect(paged(value).certificates).toMatchObject([{ upstreamId: '1', name }])
  })

  // The PBX shows the DNS credentials of its certificates to whoever lists them.
  test.each([
    ['certificate.list', { purpose: 'server', cursor: null }],
    ['certificate.get', { upstreamIds: ['3'] }],
    ['certificate.get', { upstreamIds: ['3', '4'] }],
  ] as const)('%s of %j lets no DNS credential through', async (name, input) => {
    const certificate = {
      id: 3,
      type: 'server',
      name: 'c.pem',
      dns_provider: 'alidns',
      auto_renewal: 1,
      apply_status: 'issuance_fail',
      auth_info_list: [{ k: 'AccessKeySecret', sv: 'CANARY-1', iv: 4711, bv: true }],
      auth_info: 'CANARY-2',
    }
    const body = { total_number: 1, certificate_list: [certificate], certificate }
    for (const errcode of [0, 1, 2, 40_002]) {
      const outcome = await outcomeOf(exchangeOf(connection, name), said(errcode, body), input)
      expect(JSON.stringify(outcome)).not.toMatch(/CANARY|4711|auth_info/)
      expect(outcome.fault === null).toBe(errcode < 3)
    }
  })

  test.each([
    [{ apply_status: 'issuing' }, 'pending'],
    [{ apply_status: 'issuance_success' }, 'installed'],
    [{ apply_status: 'issuance_fail' }, 'failed'],
    [{ apply_status: null }, 'installed'],
    [{}, 'installed'],
  ])('reads %j as %s', async (fields, status) => {
    const certificate_list = [{ ...trusted(1), ...fields }]
    const { value } = await outcomeOf(list, said(0, { certificate_list }), LISTING)
    expect(paged(value).certificates).toMatchObject([{ status }])
  })
})

describe('writes of pbx', () => {
  // A PBX that repeats what it was sent would spread a private key, or the access to somebody's DNS.
  test('repeat neither a private key nor DNS credentials, whole or at a cut', async () => {
    const lines = FIXTURE_PRIVATE_KEY.split('\n').filter((line) => /^[\w+/=]{16,}$/.test(line))
    const { AccessKeyId, AccessKeySecret } = DNS.dnsParameters
    const secrets = [...lines, AccessKeyId, AccessKeySecret]
    for (const filler of ['', 'x '.repeat(130), 'x '.repeat(995)]) {
      const invalid_param_list = secrets.map((value) => ({ field: filler, value }))
      const body = said(40_002, { errmsg: `${filler}${secrets.join(' ')}`, invalid_param_list })
      const { fault } = await outcomeOf(upload, body, UPLOAD)
      expect(fault).toMatchObject({ code: 'upstream_rejected', upstream: { code: '40002' } })
      const shown = JSON.stringify([fault?.message, fault?.upstream])
      for (const secret of secrets) expect(shown).not.toContain(secret.slice(0, 12))
    }
  })

  test('name the fields that the PBX does not take', async () => {
    const invalid_param_list = [
      { field: 'name', validation_type: 'not_exist' },
      { field: 'auto_renewal', value: '2' },
    ]
    const duplicate_field_list = [{ field: 'issue_to', value: 'a.example.com' }]
    const body = said(40_002, {
      errmsg: 'PARAMETER ERROR',
      invalid_param_list,
      duplicate_field_list,
    })
    const { fault } = await outcomeOf(upload, body, UPLOAD)
    expect(fault?.upstream?.message).toBe(
      'PARAMETER ERROR: name: not_exist: auto_renewal: 2: issue_to: a.example.com',
    )
  })

  test.each([...PBX_CODES].map(([code, { title, verdict }]) => [code, title, verdict] as const))(
    'come to what code %i, %s, says, whatever the HTTP status',
    async (errcode, errmsg, verdict) => {
      for (const status of [200, 400, 500]) {
        const response = answer(status, JSON.stringify({ errcode, errmsg }))
        const { fault } = await outcomeOf(upload, response, UPLOAD)
        expect(fault?.code).toBe(verdict?.code)
        if (fault !== null) {
          expect(fault.upstream).toMatchObject({ code: String(errcode), message: errmsg })
        }
      }
    },
  )

  // Five of them block our address: whatever is wrong, nothing may log in again by itself.
  test.each([-1, 70_004])(
    'a login that is answered %i is not for sending again',
    async (errcode) => {
      const exchange = exchangeOf(connection, 'session.open')
      const { fault } = await outcomeOf(exchange, said(errcode), {})
      expect(fault).toMatchObject({ code: 'upstream_unauthorized', retryable: false, effect: 'no' })
      expect(exchange.repeatable).toBe(false)
    },
  )

  test('a login from a blocked address says how to unblock it', async () => {
    const exchange = exchangeOf(connection, 'session.open')
    const { fault } = await outcomeOf(exchange, said(70_004), {})
    expect(fault?.message).toContain('Security > Security Rules > Blocked IPs')
  })

  test('without the file that they are about are a defect of ours', () => {
    expect(() => upload.request({ ...UPLOAD, staged: null }, SESSION)).toThrow(
      expect.objectContaining({ code: 'internal' }),
    )
  })
})

function paged(value: unknown): { certificates: readonly unknown[]; nextCursor: string | null } {
  return z
    .object({ certificates: z.array(z.unknown()), nextCursor: z.string().nullable() })
    .parse(value)
}
