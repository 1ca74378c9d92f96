import { describe, expect, test } from 'vitest'
import { FIXTURE_KEY } from '../shared/fixture-key.ts'
import { answer } from '../suite/bind.ts'
import { testProvider } from '../suite.ts'
import { testDialect } from '../suite/dialect.ts'
import { graphDialect } from './dialect.ts'
import { graphFixtures } from './fixtures.ts'
import { graph } from './index.ts'
import { usagePressure, usageReader } from './usage.ts'

testProvider(graph, graphFixtures)
testDialect(graph, graphDialect, graphFixtures)

/** HMAC-SHA-256 of the text "key" under the key "key", by `openssl dgst -sha256 -hmac key`. */
const PROOF = 'b5498854e238943a22c1f8ccfd4d8523b72b6e8880520e2eb7e72dbc06a17887'

describe('graph', () => {
  test('numbers.list is offered only where a wabaId is configured', () => {
    const { operations } = graph.connect({}, { accessToken: 'T' })
    expect(Object.keys(operations)).not.toContain('numbers.list')
  })

  test('config defaults to v25.0 of graph.facebook.com', () => {
    expect(graph.config.parse({})).toMatchObject({
      version: 'v25.0',
      baseUrl: 'https://graph.facebook.com',
    })
  })

  test('every call carries appsecret_proof where the app secret is set', async () => {
    const { operations } = graph.connect({ wabaId: '1' }, { accessToken: 'key', appSecret: 'key' })
    const proof = ['appsecret_proof', PROOF] as const
    const input = { upstreamId: '2', publicKey: FIXTURE_KEY }
    const published = await operations['encryptionKey.publish']?.request(input, null)
    expect([...new URLSearchParams(published?.body)].at(-1)).toEqual(proof)
    expect(published?.query ?? []).toEqual([])
    const read = await operations['encryptionKey.read']?.request(input, null)
    const listed = await operations['numbers.list']?.request({ cursor: null }, null)
    const checked = await operations['connection.check']?.request({}, null)
    for (const request of [read, listed, checked]) expect(request?.query?.at(-1)).toEqual(proof)
  })

  test('connection.check asks for the account where there is one, else for the token’s user', async () => {
    const paths = await Promise.all(
      [{ wabaId: '7' }, {}].map(async (config) => {
        const { operations } = graph.connect(config, { accessToken: 'T' })
        return (await operations['connection.check']?.request({}, null))?.path
      }),
    )
    expect(paths).toEqual([
      ['v25.0', '7'],
      ['v25.0', 'me'],
    ])
  })
})

const usage = (headers: Record<string, string>) => usagePressure(answer(200, '', headers))

describe('usagePressure()', () => {
  test('takes the highest share of all ids and kinds, and the longest wait', () => {
    const business = {
      '1': [
        { type: 'whatsapp', call_count: 1, total_cputime: 31, estimated_time_to_regain_access: 0 },
        { type: 'whatsapp_business_management', call_count: 12, total_time: 2 },
      ],
      '2': [{ type: 'whatsapp', call_count: 3, estimated_time_to_regain_access: 4 }],
    }
    expect(usage({ 'x-business-use-case-usage': JSON.stringify(business) })).toEqual({
      usedPercent: 31,
      regainAccessMs: 240_000,
    })
  })

  test('reads the app’s usage, at most 100 percent', () => {
    const app = { call_count: 2, total_cputime: 0, total_time: 104 }
    expect(usage({ 'x-app-usage': JSON.stringify(app) })).toEqual({
      usedPercent: 100,
      regainAccessMs: null,
    })
  })

  test('tells nothing where neither header does', () => {
    expect(usage({})).toBe(null)
    expect(usage({ 'x-app-usage': 'none', 'x-business-use-case-usage': '{}' })).toBe(null)
  })

  test('tells of each answer what that one tells, whatever those before it told', () => {
    const read = usageReader()
    const used = (app: string | null, business: string | null) => {
      const headers = {
        ...(app === null ? {} : { 'x-app-usage': app }),
        ...(business === null ? {} : { 'x-business-use-case-usage': business }),
      }
      return read(answer(200, '', headers))?.usedPercent ?? null
    }
    const [low, high] = ['{"call_count":2}', '{"call_count":90}']
    const ofBusiness = '{"1":[{"call_count":50}]}'
    expect([used(low, null), used(low, null), used(high, null)]).toEqual([2, 2, 90])
    expect([used(low, ofBusiness), used(null, ofBusiness), used(null, null)]).toEqual([
      50,
      50,
      null,
    ])
    expect([used(low, null), used('none', null), used(high, null)]).toEqual([2, null, 90])
  })
})
