import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import {
  call,
  connectionTo,
  make,
  makeNumber,
  type Sent,
  UPSTREAM_NUMBERS,
} from '../harness/client.ts'
import { expectRefusal, expectUnkept } from '../harness/dialect-refusals.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import {
  askKey,
  KEY_DIALECTS,
  KEY_FIELD,
  type KeyDialect,
  sendKey,
  STATUS_FIELD,
} from '../harness/key-dialects.ts'
import { freshKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'

const numbers = z.object({ data: z.array(z.object({ id: z.string(), upstreamId: z.string() })) })

/** What says that a key was set. */
const DONE: Readonly<Record<KeyDialect, unknown>> = {
  graph: { success: true },
  onprem: { meta: { api_status: 'stable' } },
  kaleyra: { code: 'WA-200', data: { success: true }, error: {} },
}

/** Where the key and its status stand. */
const TOLD: Readonly<Record<KeyDialect, (fields: object) => unknown>> = {
  graph: (fields) => ({ data: [fields] }),
  onprem: (fields) => fields,
  kaleyra: (data) => ({
    code: 'WA-200',
    message: 'Request Processed Successfully',
    data,
    error: {},
  }),
}

const expectTold = (dialect: KeyDialect, sent: Sent, pem: string, status: object) => {
  expect(sent.status, sent.text).toBe(200)
  // A deployment tells its key as it was uploaded; the others' examples end without a line break.
  const key = dialect === 'onprem' ? pem : pem.trimEnd()
  expect(sent.json).toEqual(TOLD[dialect]({ [KEY_FIELD]: key, ...status }))
  expectUnkept(sent)
}

/** Whatever a program speaks, its key gets to whatever its connection leads to. */
export function dialectMatrixSuite(open: OpenApi): void {
  describe('a key', () => {
    let api: ApiHarness
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const numbersOf = async (connectionId: string) => {
      const sent = await call(api, 'GET', `/v1/numbers?connectionId=${connectionId}`)
      return numbers.parse(sent.json).data
    }
    for (const dialect of KEY_DIALECTS) {
      for (const provider of KEY_DIALECTS) {
        // On-Premises paths name no number, so that there is none to add where there may be several.
        const isNamed = dialect !== 'onprem' || provider === 'onprem'
        test(`gets by the ${dialect} dialect to ${provider}, and is told`, async () => {
          const number = UPSTREAM_NUMBERS[provider]
          const connectionId = await make(api, '/v1/connections', connectionTo(api, provider))
          if (!isNamed) await make(api, '/v1/numbers', { connectionId, upstreamId: number })
          const maker = await makeToken(api, ['numbers:read', 'numbers:write'], {
            connections: [connectionId],
          })
          const target = { at: connectionId, number, token: maker.token }
          const key = await freshKey()
          const sent = await sendKey(api, dialect, target, key.pem)
          expect([sent.status, sent.json], sent.text).toMatchObject([200, DONE[dialect]])
          expectUnkept(sent)
          // What nobody can say of a key is left out.
          const status = provider === 'kaleyra' ? {} : { [STATUS_FIELD]: 'VALID' }
          expectTold(dialect, await askKey(api, dialect, target), key.pem, status)

          const [only, ...others] = await numbersOf(connectionId)
          if (only === undefined) throw new Error('Cannot go on: the number was not added')
          expect(others).toEqual([])
          const told = await call(api, 'GET', `/v1/numbers/${only.id}/encryption-key`)
          expect(told.json).toMatchObject({ fingerprint: key.fingerprint })
          const log = await eventsOf(api, only.id)
          const mine = log.slice(isNamed ? 0 : 1)
          expect(mine.map(({ type }) => type)).toContain('key.published')
          for (const { actor } of mine) expect(actor).toEqual({ kind: 'token', id: maker.id })
        })

        test(`gets by the ${dialect} dialect to a number of ${provider} that is named by its id here`, async () => {
          const { connectionId, numberId } = await makeNumber(api, provider)
          const other = await make(api, '/v1/connections', {
            ...connectionTo(api, provider),
            name: 'other',
          })
          const named = dialect === 'onprem' ? numberId : connectionId
          const key = await freshKey()
          const target = { at: named, number: numberId }
          const sent = await sendKey(api, dialect, target, key.pem)
          expect(sent.status, sent.text).toBe(200)
          expect((await askKey(api, dialect, target)).text).toContain(KEY_FIELD)
          if (dialect === 'onprem') return
          // A number of another connection is none of this one's, to whoever asks.
          const astray = { at: other, number: numberId }
          expectRefusal(dialect, await askKey(api, dialect, astray), 'unknown')
          expectRefusal(dialect, await sendKey(api, dialect, astray, key.pem), 'unknown')
          expect(await numbersOf(other)).toEqual([])
        })
      }

      test(`gets by the ${dialect} dialect to no PBX, which has no numbers`, async () => {
        const at = await make(api, '/v1/connections', connectionTo(api, 'pbx'))
        const target = { at, number: UPSTREAM_NUMBERS[dialect] }
        const { pem } = await freshKey()
        expectRefusal(dialect, await sendKey(api, dialect, target, pem), 'unsupported')
        expectRefusal(dialect, await askKey(api, dialect, target), 'unsupported')
        expect((await api.sandbox.requests({ upstream: 'pbx' })).requests).toEqual([])
      })
    }

    test.each(['graph', 'kaleyra'] as const)(
      'is not sent by the On-Premises dialect to %s where nobody can say to which number',
      async (provider) => {
        const { connectionId, numberId } = await makeNumber(api, provider)
        const second = provider === 'graph' ? '106540352242999' : '+919900000002'
        const otherId = await make(api, '/v1/numbers', { connectionId, upstreamId: second })
        const { pem } = await freshKey()
        const target = { at: connectionId, number: '' }
        for (const sent of [
          await sendKey(api, 'onprem', target, pem),
          await askKey(api, 'onprem', target),
        ]) {
          expectRefusal('onprem', sent, 'ambiguous')
          expect(sent.text).toContain(numberId)
          expect(sent.text).toContain(otherId)
        }
        const writes = await api.sandbox.requests({ upstream: provider, method: 'POST' })
        expect(writes.requests).toEqual([])
        expect((await sendKey(api, 'onprem', { at: numberId, number: '' }, pem)).status).toBe(200)
      },
    )
  })
}
