import type { FaultAnswer } from '@latchkey/sandbox/control'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  CERTIFICATE_DIALECTS,
  certificateSpeech,
  type CertificateSpeech,
  isDone,
} from '../harness/certificate-dialects.ts'
import {
  type CertificateRefusal,
  expectCertificateRefusal,
} from '../harness/certificate-refusals.ts'
import { mintTrusted, type TestAuthority } from '../harness/certificates.ts'
import { connectionTo, make, type Sent } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { makeToken } from '../harness/tokens.ts'

const SCOPES = ['certificates:read', 'certificates:write'] as const

type Provider = (typeof CERTIFICATE_DIALECTS)[number]

interface Trouble {
  readonly name: string
  readonly answer: (provider: Provider) => FaultAnswer
  readonly told: CertificateRefusal
}

/** How each provider says that it will not; a bare 404 means to some calls that there is nothing. */
const NO = { onprem: 1009, pbx: -1 } as const

const bare = (status: number) => (): FaultAnswer => ({
  kind: 'respond',
  status,
  body: 'Not from here',
})

/** What an upstream can do instead, or whatever stands before it. */
const TROUBLES: readonly Trouble[] = [
  {
    name: 'says no',
    answer: (provider) => ({ kind: 'vendor-error', code: NO[provider] }),
    told: 'rejected',
  },
  { name: 'refuses our credentials', answer: bare(401), told: 'unauthorized' },
  { name: 'throttles us', answer: bare(429), told: 'throttled' },
  { name: 'gives up waiting', answer: bare(408), told: 'late' },
  { name: 'is out of order', answer: bare(503), told: 'unavailable' },
  { name: 'hangs up', answer: () => ({ kind: 'reset' }), told: 'unavailable' },
  {
    name: 'answers with a page',
    answer: () => ({ kind: 'html', status: 200 }),
    told: 'malformed',
  },
]

interface Operation {
  readonly name: string
  readonly ask: (speech: CertificateSpeech, pem: string) => Promise<Sent>
  /** The call that does it at each upstream. */
  readonly calls: Readonly<Record<Provider, { readonly method: string; readonly path: string }>>
}

const CA = '/v1/certificates/webhooks/ca'
const PBX = '/openapi/v1.0/certificate'

const OPERATIONS: readonly Operation[] = [
  {
    name: 'add',
    ask: (speech, pem) => speech.add('trusted', pem),
    calls: { onprem: { method: 'POST', path: CA }, pbx: { method: 'POST', path: `${PBX}/upload` } },
  },
  {
    name: 'read',
    ask: (speech) => speech.read(),
    calls: { onprem: { method: 'GET', path: CA }, pbx: { method: 'GET', path: `${PBX}/list` } },
  },
  {
    name: 'remove',
    ask: (speech) => speech.remove(),
    calls: {
      onprem: { method: 'DELETE', path: CA },
      pbx: { method: 'GET', path: `${PBX}/delete` },
    },
  },
]

/** What an upstream does wrong about certificates, a dialect tells in its own words. */
export function dialectMatrixCertificateUpstreamsSuite(open: OpenApi): void {
  describe('of an upstream with certificates', () => {
    let api: ApiHarness
    let trusted: TestAuthority
    beforeAll(async () => {
      trusted = await mintTrusted()
    })
    beforeEach(async () => {
      // Reads that fail are tried again after pauses that tell nothing here.
      api = await open({ haste: 20 })
    })
    afterEach(() => api.close())

    for (const dialect of CERTIFICATE_DIALECTS) {
      for (const provider of CERTIFICATE_DIALECTS) {
        for (const { name: operation, ask, calls } of OPERATIONS) {
          test.each(TROUBLES)(
            `${provider} that $name, the ${dialect} dialect tells who wants to ${operation} one`,
            async ({ answer, told }) => {
              const at = await make(api, '/v1/connections', connectionTo(api, provider))
              const { token } = await makeToken(api, SCOPES, { connections: [at] })
              const speech = certificateSpeech(api, dialect, { at, token })
              if (operation !== 'add') {
                const added = await speech.add('trusted', trusted.pem)
                expect(isDone(dialect, added), added.text).toBe(true)
              }
              await api.sandbox.addFault({
                upstream: provider,
                ...calls[provider],
                times: null,
                answer: answer(provider),
              })
              const sent = await ask(speech, trusted.pem)
              expectCertificateRefusal(dialect, sent, told)
              expect(sent.text).not.toContain(token)
            },
          )
        }
      }
    }
  })
}
