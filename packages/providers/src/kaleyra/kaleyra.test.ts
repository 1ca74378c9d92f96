import { describe, expect, test } from 'vitest'
import { FIXTURE_KEY } from '../shared/fixture-key.ts'
import { testProvider } from '../suite.ts'
import { testDialect } from '../suite/dialect.ts'
import { kaleyraDialect } from './dialect.ts'
import { kaleyraFixtures } from './fixtures.ts'
import { kaleyra } from './index.ts'

testProvider(kaleyra, kaleyraFixtures)
testDialect(kaleyra, kaleyraDialect, kaleyraFixtures)

const connect = (config: Readonly<Record<string, string>>) =>
  kaleyra.connect({ sid: 'HXAP16XXXXXX97IN', ...config }, kaleyraFixtures.credentials)

describe('kaleyra', () => {
  test.each([
    ['in', 'https://api.in.kaleyra.io'],
    ['sg', 'https://api.kaleyra.io'],
    ['eu', 'https://api.eu.kaleyra.io'],
    ['na', 'https://api.na.kaleyra.ai'],
  ] as const)('pod %s is served at %s', (pod, baseUrl) => {
    expect(connect({ pod }).origin.baseUrl).toBe(baseUrl)
  })

  test.each(['api.ap.kaleyra.io', 'api.na.kaleyra.io'])('%s may be the base URL too', (host) => {
    const { origin } = connect({ baseUrl: `https://${host}` })
    expect(origin.hosts).toMatchObject({ rule: 'listed' })
    expect(origin.hosts.rule === 'listed' ? origin.hosts.names : []).toContain(host)
  })

  // The page on getting a key is labelled a POST without a body, to the URL that sets it: it could erase a live key.
  test('nothing is offered that would read or check', () => {
    expect(kaleyra.operationNames).toEqual(['encryptionKey.publish'])
    expect(Object.keys(connect({ pod: 'in' }).operations)).toEqual(['encryptionKey.publish'])
  })

  test('numbers are kept apart by the SID', () => {
    expect(connect({ pod: 'in' }).account).toBe('HXAP16XXXXXX97IN')
  })

  // A success that is not recognized leaves a key in doubt that is there; a refusal, a fault that says nothing.
  test('an answer is understood without the members that say nothing', async () => {
    const publish = connect({ pod: 'in' }).operations['encryptionKey.publish']
    const input = { upstreamId: '+919900000001', publicKey: FIXTURE_KEY }
    const answer = async (status: number, json: object) =>
      publish?.respond({ status, headers: new Headers(), body: JSON.stringify(json), at: 0 }, input)
    expect(await answer(200, { code: 'WA-200', data: { success: true } })).toEqual({})
    await expect(answer(401, { code: 'RBC001' })).rejects.toMatchObject({
      code: 'upstream_unauthorized',
    })
  })
})
