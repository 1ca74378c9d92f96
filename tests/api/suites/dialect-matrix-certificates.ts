import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CERTIFICATE_DIALECTS, certificateSpeech, isDone } from '../harness/certificate-dialects.ts'
import {
  type CertificateRefusal,
  expectCertificateRefusal,
} from '../harness/certificate-refusals.ts'
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../harness/certificates.ts'
import { call, connectionTo, make } from '../harness/client.ts'
import { expectUnkept } from '../harness/dialect-refusals.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { makeToken } from '../harness/tokens.ts'

const HUGE = 'x'.repeat(2 * 1024 * 1024)
const SCOPES = ['certificates:read', 'certificates:write'] as const

/** Where a trusted authority is written to. */
const WRITES = {
  onprem: '/v1/certificates/webhooks/ca',
  pbx: '/openapi/v1.0/certificate/upload',
} as const

/** Authorities that are trusted get over every bridge, a server's certificates over none. */
export function dialectMatrixCertificatesSuite(open: OpenApi): void {
  describe('certificates by a dialect', () => {
    let api: ApiHarness
    let trusted: TestAuthority
    let chain: TestChain
    beforeAll(async () => {
      trusted = await mintTrusted()
      chain = await mintChain()
    })
    beforeEach(async () => {
      api = await open({ haste: 20 })
    })
    afterEach(() => api.close())

    for (const dialect of CERTIFICATE_DIALECTS) {
      for (const provider of CERTIFICATE_DIALECTS) {
        const connect = async () => {
          const at = await make(api, '/v1/connections', connectionTo(api, provider))
          const { token } = await makeToken(api, SCOPES, { connections: [at] })
          return { at, token, speech: certificateSpeech(api, dialect, { at, token }) }
        }

        test(`${dialect} keeps, shows and deletes a trusted authority at ${provider}`, async () => {
          const { at, speech } = await connect()
          const listed = () => call(api, 'GET', `/v1/connections/${at}/certificates?fresh=true`)
          const added = await speech.add('trusted', trusted.pem)
          const told = await listed()
          const shown = await speech.read()
          const removed = await speech.remove()
          for (const sent of [added, shown, removed]) {
            expect(isDone(dialect, sent), sent.text).toBe(true)
            expectUnkept(sent)
          }
          expect(told.text).toContain(trusted.fingerprint)
          expect((await listed()).text).not.toContain(trusted.fingerprint)
        })

        test(`${dialect} takes a server's certificate for ${provider} ${dialect === provider ? 'as its own' : 'not at all'}`, async () => {
          const { speech } = await connect()
          const sent = await speech.add('server', chain.bundle)
          if (dialect === provider) expect(isDone(dialect, sent), sent.text).toBe(true)
          else expectCertificateRefusal(dialect, sent, 'unsupported')
          const [, secret = ''] = chain.key.split('\n')
          expect(sent.text).not.toContain(secret)
        })

        test(`${dialect} asks nothing of ${provider} for who may not, or with what would break it`, async () => {
          const { at, speech } = await connect()
          const other = await make(api, '/v1/connections', connectionTo(api, 'graph'))
          const as = async (token: string | null, refusal: CertificateRefusal, about: string) => {
            const speaker = certificateSpeech(api, dialect, { at, token })
            expectCertificateRefusal(
              dialect,
              await speaker.add('trusted', trusted.pem),
              refusal,
              about,
            )
          }
          const made = async (scopes: Parameters<typeof makeToken>[1], connection: string) =>
            makeToken(api, scopes, { connections: [connection] })
          const revoked = await made(SCOPES, at)
          await call(api, 'DELETE', `/v1/tokens/${revoked.id}`)
          await as(null, 'unauthenticated', 'no token')
          await as(`lk_${'x'.repeat(43)}`, 'unauthenticated', 'a wrong token')
          await as(revoked.token, 'unauthenticated', 'a revoked token')
          await as((await made(['certificates:read'], at)).token, 'forbidden', 'no right')
          await as((await made(SCOPES, other)).token, 'unknown', 'another connection')
          const bad = await speech.add('trusted', chain.leaf)
          expectCertificateRefusal(dialect, bad, 'wrong', 'a certificate that is no authority')
          const leaked = await speech.add('trusted', trusted.key)
          expectCertificateRefusal(dialect, leaked, 'wrong', 'a private key')
          expect(leaked.text).not.toContain(trusted.key.split('\n')[1])
          expectCertificateRefusal(dialect, await speech.add('trusted', HUGE), 'large')
          const { requests } = await api.sandbox.requests({
            upstream: provider,
            path: WRITES[provider],
          })
          expect(requests.filter(({ method }) => method === 'POST')).toEqual([])
        })
      }
    }
  })
}
