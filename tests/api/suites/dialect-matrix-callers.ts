import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, type CallOptions, connectionTo, make, UPSTREAM_NUMBERS } from '../harness/client.ts'
import { expectRefusal, expectUnkept, type Refusal } from '../harness/dialect-refusals.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import {
  askElsewhere,
  askKey,
  KEY_DIALECTS,
  type KeyDialect,
  sendKey,
  type Target,
} from '../harness/key-dialects.ts'
import { UNFIT_KEYS } from '../harness/key-fixtures.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { makeToken } from '../harness/tokens.ts'

const NOBODY = 'con_0000000000000000'
const WRONG = `lk_${'x'.repeat(43)}`
/** Above what any request may bring. */
const HUGE = 'x'.repeat(2 * 1024 * 1024)

/** An answer's text without what differs from one request to the next. */
const plain = (text: string) =>
  text.replaceAll(/con_\w{16}/g, 'con_').replace(/"fbtrace_id":"\w+"/, '')

/** What a caller does wrong, and what there is to be told of it. */
export function dialectMatrixCallersSuite(open: OpenApi): void {
  describe('of a caller', () => {
    let api: ApiHarness
    let key: TestKey
    beforeAll(async () => {
      key = await freshKey()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const targetOf = async (provider: KeyDialect): Promise<Target> => {
      const at = await make(api, '/v1/connections', connectionTo(api, provider))
      const upstreamId = UPSTREAM_NUMBERS[provider]
      await make(api, '/v1/numbers', { connectionId: at, upstreamId })
      return { at, number: upstreamId }
    }
    const expectUntouched = async (provider: KeyDialect) => {
      expect((await api.sandbox.requests({ upstream: provider })).requests).toEqual([])
    }

    for (const dialect of KEY_DIALECTS) {
      for (const provider of KEY_DIALECTS) {
        test(`without the right, the ${dialect} dialect asks nothing of ${provider}`, async () => {
          const target = await targetOf(provider)
          const elsewhere = await make(api, '/v1/connections', connectionTo(api, 'pbx'))
          const [revoked, reader, writer, stranger] = [
            await makeToken(api, ['numbers:read', 'numbers:write']),
            await makeToken(api, ['numbers:read']),
            await makeToken(api, ['numbers:write']),
            await makeToken(api, ['numbers:read', 'numbers:write'], { connections: [elsewhere] }),
          ]
          await call(api, 'DELETE', `/v1/tokens/${revoked.id}`)
          const tries = async (token: string | null, refusal: Refusal, about: string) => {
            const as = { ...target, token }
            const answers = [
              await askKey(api, dialect, as),
              await sendKey(api, dialect, as, key.pem),
            ]
            for (const sent of answers) {
              expectRefusal(dialect, sent, refusal, about)
              if (token !== null) expect(sent.text, about).not.toContain(token)
            }
            return answers.map(({ text }) => text)
          }
          await tries(null, 'unauthenticated', 'no token')
          await tries(WRONG, 'unauthenticated', 'a wrong token')
          await tries(revoked.token, 'unauthenticated', 'a revoked token')
          const seen = await tries(stranger.token, 'unknown', 'a token of another connection')
          const as = { ...target, at: NOBODY }
          const unknown = [await askKey(api, dialect, as), await sendKey(api, dialect, as, key.pem)]
          for (const sent of unknown) expectRefusal(dialect, sent, 'unknown', 'no connection')
          // What one may not see looks as what is not there.
          expect(seen.map(plain)).toEqual(unknown.map(({ text }) => plain(text)))
          const written = await sendKey(api, dialect, { ...target, token: reader.token }, key.pem)
          expectRefusal(dialect, written, 'forbidden')
          const read = await askKey(api, dialect, { ...target, token: writer.token })
          expectRefusal(dialect, read, 'forbidden')
          await expectUntouched(provider)
        })

        test(`with a key that would break the number, the ${dialect} dialect asks nothing of ${provider}`, async () => {
          const target = await targetOf(provider)
          const small = await sendKey(api, dialect, target, UNFIT_KEYS['1024 bits'])
          expectRefusal(dialect, small, 'wrong', 'a key of 1024 bits')
          expect(small.text).toContain('1024')
          const leaked = await sendKey(api, dialect, target, key.privatePem)
          expectRefusal(dialect, leaked, 'wrong', 'a private key')
          for (const line of key.privatePem.split('\n').slice(1, -2)) {
            expect(leaked.text).not.toContain(line)
            expect(api.logs().join('')).not.toContain(line)
          }
          const huge = await sendKey(api, dialect, target, HUGE)
          expectRefusal(dialect, huge, 'wrong', 'a body that is too large')
          await expectUntouched(provider)
        })

        test(`in a form that there is not, the ${dialect} dialect asks nothing of ${provider}`, async () => {
          const target = await targetOf(provider)
          for (const method of ['PUT', 'DELETE', 'PATCH']) {
            const sent = await askKey(api, dialect, target, { method })
            expectRefusal(dialect, sent, 'method', method)
          }
          expectRefusal(dialect, await askElsewhere(api, dialect, target), 'path')
          const bodies: readonly CallOptions[] = [
            { type: 'text/plain', body: key.pem },
            { type: 'application/x-pem-file', body: key.pem },
            { type: 'application/json', body: '{"business_public' },
          ]
          for (const body of bodies) {
            const sent = await askKey(api, dialect, target, { method: 'POST', ...body })
            expectRefusal(dialect, sent, 'type', body.type)
          }
          await expectUntouched(provider)
        })
      }

      test(`that names no number of the connection, the ${dialect} dialect says so`, async () => {
        const at = await make(api, '/v1/connections', connectionTo(api, dialect))
        const target = { at, number: UPSTREAM_NUMBERS[dialect] }
        expectRefusal(dialect, await askKey(api, dialect, target), 'unknown')
        const gone = { at: `num_${at.slice(4)}${'0'.repeat(12)}`, number: target.number }
        expectRefusal(dialect, await askKey(api, dialect, gone), 'unknown')
        expectRefusal(dialect, await sendKey(api, dialect, gone, key.pem), 'unknown')
        await expectUntouched(dialect)
      })

      test(`that does not ask as anybody does, the ${dialect} dialect has nothing for a cache`, async () => {
        const sent = await call(api, 'OPTIONS', `/${dialect}/${NOBODY}/anything`)
        expectUnkept(sent)
        expect(sent.status).toBeGreaterThanOrEqual(400)
      })
    }
  })
}
