import { SECOND } from '@latchkey/core'
import { expect, test } from 'vitest'
import {
  CERTIFICATE_DIALECTS,
  type CertificateDialect,
  certificateSpeech,
} from '../api/harness/certificate-dialects.ts'
import { expectCertificateRefusal } from '../api/harness/certificate-refusals.ts'
import { mintTrusted } from '../api/harness/certificates.ts'
import {
  connectionTo,
  make,
  makeNumber,
  type Sent,
  UPSTREAM_NUMBERS,
} from '../api/harness/client.ts'
import { expectRefusal } from '../api/harness/dialect-refusals.ts'
import { eventually } from '../api/harness/eventually.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { eventsOf } from '../api/harness/key-calls.ts'
import { askKey, KEY_DIALECTS, type KeyDialect, sendKey } from '../api/harness/key-dialects.ts'
import { freshKey } from '../api/harness/keys.ts'
import { makeToken } from '../api/harness/tokens.ts'
import { KEY_PATHS } from '../api/suites/fault-cases.ts'

const TIMEOUT_MS = 60_000
/** After this a read that was given up is not tried again: too little is left of what a call may take. */
const LATE_MS = 20 * SECOND

/** Where a trusted authority is written to. */
const CERTIFICATE_PATHS = {
  onprem: '/v1/certificates/webhooks/ca',
  pbx: '/openapi/v1.0/certificate/upload',
} as const

/** Asks all of these at once, in front of upstreams that take a call and never answer it. */
async function hang(
  api: HostHarness,
  calls: readonly { readonly upstream: KeyDialect | CertificateDialect; readonly path: string }[],
  ask: () => readonly Promise<Sent>[],
): Promise<readonly Sent[]> {
  for (const call of calls) {
    await api.sandbox.addFault({ ...call, times: null, answer: { kind: 'hang' } })
  }
  const asked = ask()
  const arrived = async () => {
    const logs = await Promise.all(calls.map((call) => api.sandbox.requests(call)))
    return logs.every(({ requests }) => requests.length > 0)
  }
  expect(await eventually(arrived, Boolean)).toBe(true)
  await api.advance(LATE_MS)
  return Promise.all(asked)
}

async function hangingKeys(
  api: HostHarness,
  dialect: KeyDialect,
  operation: 'publish' | 'read',
): Promise<void> {
  const { pem } = await freshKey()
  // Kaleyra has no safe read: what is told there is never asked for.
  const providers = KEY_DIALECTS.filter((id) => operation === 'publish' || id !== 'kaleyra')
  const places = await Promise.all(
    providers.map(async (provider) => ({ provider, ...(await makeNumber(api, provider)) })),
  )
  const calls = providers.map((upstream) => ({ upstream, path: KEY_PATHS[upstream] }))
  const answers = await hang(api, calls, () =>
    places.map(({ provider, connectionId: at }) => {
      const target = { at, number: UPSTREAM_NUMBERS[provider] }
      return operation === 'read'
        ? askKey(api, dialect, target)
        : sendKey(api, dialect, target, pem)
    }),
  )
  for (const sent of answers) expectRefusal(dialect, sent, 'late', operation)
  if (operation === 'read') return
  for (const { provider, numberId } of places) {
    expect((await eventsOf(api, numberId)).at(-1), provider).toMatchObject({
      type: 'key.publish_unknown',
      data: { code: 'upstream_timeout' },
    })
  }
}

async function hangingCertificates(api: HostHarness, dialect: CertificateDialect): Promise<void> {
  const { pem } = await mintTrusted()
  const speeches = await Promise.all(
    CERTIFICATE_DIALECTS.map(async (provider) => {
      const at = await make(api, '/v1/connections', connectionTo(api, provider))
      const scopes = ['certificates:read', 'certificates:write'] as const
      const { token } = await makeToken(api, scopes, { connections: [at] })
      return certificateSpeech(api, dialect, { at, token })
    }),
  )
  const calls = CERTIFICATE_DIALECTS.map((upstream) => {
    return { upstream, method: 'POST', path: CERTIFICATE_PATHS[upstream] }
  })
  const answers = await hang(api, calls, () => speeches.map((speech) => speech.add('trusted', pem)))
  for (const sent of answers) expectCertificateRefusal(dialect, sent, 'late')
}

// All at once, each in a world of its own, as each sits out the hard limit of an upstream call.
test(
  'what an upstream takes and never answers, every dialect tells in its own words',
  async () => {
    const scenes = [
      ...KEY_DIALECTS.flatMap((dialect) =>
        (['publish', 'read'] as const).map(
          (operation) => (api: HostHarness) => hangingKeys(api, dialect, operation),
        ),
      ),
      ...CERTIFICATE_DIALECTS.map(
        (dialect) => (api: HostHarness) => hangingCertificates(api, dialect),
      ),
    ]
    await Promise.all(
      scenes.map(async (play) => {
        const api = await openHostHarness()
        try {
          await play(api)
        } finally {
          await api.close()
        }
      }),
    )
  },
  TIMEOUT_MS,
)
