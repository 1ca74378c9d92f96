import { SAMPLE } from '@latchkey/sandbox'
import type { FaultAnswer } from '@latchkey/sandbox/control'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  call,
  connectionTo,
  make,
  makeNumber,
  type Sent,
  UPSTREAM_NUMBERS,
} from '../harness/client.ts'
import { expectRefusal, type Refusal } from '../harness/dialect-refusals.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { askKey, KEY_DIALECTS, sendKey } from '../harness/key-dialects.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { KEY_PATHS } from './fault-cases.ts'

const HERE = 'from-the-proxy'
const bare = (status: number, headers: Readonly<Record<string, string>> = {}): FaultAnswer => ({
  kind: 'respond',
  status,
  headers,
  body: HERE,
})

interface Trouble {
  readonly name: string
  readonly answer: FaultAnswer
  readonly told: Refusal
  /** Whether it is certain that nothing was changed. */
  readonly isCertain: boolean
  readonly retryAfter?: string
}

/** What can stand between Latchkey and an upstream. */
const TROUBLES: readonly Trouble[] = [
  { name: 'says no', answer: bare(404), told: 'rejected', isCertain: true },
  { name: 'refuses our credentials', answer: bare(401), told: 'unauthorized', isCertain: true },
  {
    name: 'throttles us',
    answer: bare(429, { 'retry-after': '120' }),
    told: 'throttled',
    isCertain: true,
    retryAfter: '120',
  },
  {
    name: 'is out of order',
    answer: bare(503, { 'retry-after': '60' }),
    told: 'unavailable',
    isCertain: false,
    retryAfter: '60',
  },
  { name: 'gives up waiting', answer: bare(408), told: 'late', isCertain: false },
  { name: 'hangs up', answer: { kind: 'reset' }, told: 'unavailable', isCertain: false },
  {
    name: 'answers with a page',
    answer: { kind: 'html', status: 200 },
    told: 'malformed',
    isCertain: false,
  },
  { name: 'answers nothing', answer: { kind: 'empty' }, told: 'malformed', isCertain: false },
]

/** What an upstream does wrong, a dialect tells in its own words, and never as the caller's doing. */
export function dialectMatrixUpstreamsSuite(open: OpenApi): void {
  describe('of an upstream', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      // Reads that fail are tried again after pauses that tell nothing here.
      api = await open({ haste: 20 })
    })
    afterEach(() => api.close())

    const SECRETS = [
      SAMPLE.graph.accessToken,
      SAMPLE.graph.appSecret,
      SAMPLE.onprem.password,
      SAMPLE.kaleyra.apiKey,
    ]
    const expectDiscreet = ({ text }: Sent) => {
      for (const secret of [...SECRETS, api.adminToken]) expect(text).not.toContain(secret)
    }

    for (const dialect of KEY_DIALECTS) {
      for (const provider of KEY_DIALECTS) {
        const number = UPSTREAM_NUMBERS[provider]
        test.each(TROUBLES)(
          `${provider} that $name, the ${dialect} dialect tells $told`,
          async ({ answer, told, isCertain, retryAfter }) => {
            const { connectionId: at, numberId } = await makeNumber(api, provider)
            const target = { at, number }
            await api.sandbox.addFault({
              upstream: provider,
              path: KEY_PATHS[provider],
              times: null,
              answer,
            })
            const answers = [await sendKey(api, dialect, target, key.pem)]
            // Kaleyra has no safe read: what is told there was never asked for.
            if (provider !== 'kaleyra') answers.push(await askKey(api, dialect, target))
            for (const sent of answers) {
              expectRefusal(dialect, sent, told)
              expect(sent.headers.get('retry-after')).toBe(retryAfter ?? null)
              expectDiscreet(sent)
            }
            await api.sandbox.clearFaults()
            // A delayed write may still arrive, unless the upstream has said no.
            const log = await eventsOf(api, numberId)
            expect(log.map(({ type }) => type)).toContain(
              isCertain ? 'key.publish_failed' : 'key.publish_unknown',
            )
          },
        )

        if (dialect === 'onprem' && provider !== 'onprem') continue
        test(`${provider} that refuses the first key of a number by the ${dialect} dialect, no number stays behind`, async () => {
          const at = await make(api, '/v1/connections', connectionTo(api, provider))
          const strike = (answer: FaultAnswer) =>
            api.sandbox.addFault({ upstream: provider, path: KEY_PATHS[provider], answer })
          const numbers = () => call(api, 'GET', `/v1/numbers?connectionId=${at}`)
          await strike(bare(404))
          expectRefusal(dialect, await sendKey(api, dialect, { at, number }, key.pem), 'rejected')
          expect((await numbers()).json).toMatchObject({ data: [] })
          // Of an unknown outcome the number stays, to be looked after.
          await strike({ kind: 'reset' })
          expectRefusal(
            dialect,
            await sendKey(api, dialect, { at, number }, key.pem),
            'unavailable',
          )
          // An On-Premises program does not say which number its deployment has.
          const upstreamId = dialect === 'onprem' ? 'default' : number
          expect((await numbers()).json).toMatchObject({ data: [{ upstreamId }] })
        })
      }
    }

    test.each([
      ['graph', 133010, 400, { error: { code: 133010 } }],
      ['graph', 10, 500, { error: { code: 131000 } }],
      ['onprem', 1008, 400, { errors: [{ code: 1008 }] }],
      ['onprem', 1005, 500, { errors: [{ code: 1011 }] }],
      ['kaleyra', 'WA-400', 400, { code: 'WA-400' }],
      ['kaleyra', 'RBC001', 401, { code: 'WA-401' }],
    ] as const)(
      '%s that answers its own %s, its own dialect tells %i',
      async (id, code, status, body) => {
        const { connectionId: at } = await makeNumber(api, id)
        const answer: FaultAnswer = { kind: 'vendor-error', code }
        await api.sandbox.addFault({ upstream: id, path: KEY_PATHS[id], times: null, answer })
        const sent = await sendKey(api, id, { at, number: UPSTREAM_NUMBERS[id] }, key.pem)
        expect([sent.status, sent.json], sent.text).toMatchObject([status, body])
        expectDiscreet(sent)
      },
    )
  })
}
