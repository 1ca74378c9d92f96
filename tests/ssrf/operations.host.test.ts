import {
  type CertificatePurpose,
  type Exchange,
  isFault,
  type OperationName,
  type ProviderConnection,
  type Upstream,
} from '@latchkey/core'
import { importPublicKey } from '@latchkey/crypto'
import { createHostPolicy, createUpstream } from '@latchkey/http'
import { hostileBaseUrls } from '@latchkey/http/fixtures'
import { createSocketTransport } from '@latchkey/http/socket'
import { systemClock, systemRandom } from '@latchkey/platform'
import { providers } from '@latchkey/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshKey } from '../api/harness/keys.ts'
import { type Listener, listen } from '../support/listener.ts'
import { DRAFTS } from './drafts.ts'

/** Every name leads inside, so that none is let through for want of an address. */
const resolve = async () => ['127.0.0.1']

let inside: Listener
let upstream: Upstream
let pem: string
beforeAll(async () => {
  inside = await listen()
  pem = (await freshKey()).pem
  const policy = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
  const transport = createSocketTransport({ policy, resolve })
  upstream = createUpstream({ transport, policy, clock: systemClock, random: systemRandom })
})
afterAll(() => inside.close())

function perform<Input, Output>(
  { origin }: ProviderConnection,
  exchange: Exchange<Input, Output> | undefined,
  input: Input,
): Promise<unknown> {
  if (exchange === undefined) throw new Error('Cannot call: the operation is not there')
  const lane = { key: 'test', limit: 1 }
  return upstream.perform({ origin, exchange, input, session: 'a-session', lane })
}

/** How each operation is called; an operation that is added does not compile without its line. */
const CALLS: Record<
  OperationName,
  (of: ProviderConnection, upstreamId: string) => Promise<unknown>
> = {
  'encryptionKey.publish': async (of, upstreamId) => {
    const publicKey = await importPublicKey(pem)
    return perform(of, of.operations['encryptionKey.publish'], { upstreamId, publicKey })
  },
  'encryptionKey.read': (of, upstreamId) =>
    perform(of, of.operations['encryptionKey.read'], { upstreamId }),
  'numbers.list': (of) => perform(of, of.operations['numbers.list'], { cursor: null }),
  'connection.check': (of) => perform(of, of.operations['connection.check'], {}),
  'certificate.list': (of) =>
    perform(of, of.operations['certificate.list'], { purpose: purposeOf(of), cursor: null }),
  'certificate.get': (of) => perform(of, of.operations['certificate.get'], { upstreamIds: ['1'] }),
  'certificate.stage': (of) =>
    perform(of, of.operations['certificate.stage'], {
      purpose: purposeOf(of),
      fileName: 'a.pem',
      pem,
    }),
  'certificate.upload': (of) =>
    perform(of, of.operations['certificate.upload'], {
      purpose: purposeOf(of),
      pem,
      staged: 'a.pem',
      autoRenewal: null,
    }),
  'certificate.apply': (of) =>
    perform(of, of.operations['certificate.apply'], { domain: 'pbx.example.com', ...DNS }),
  'certificate.update': (of) =>
    perform(of, of.operations['certificate.update'], { upstreamId: '1', autoRenewal: null }),
  'certificate.remove': (of) =>
    perform(of, of.operations['certificate.remove'], { purpose: purposeOf(of), upstreamId: '1' }),
  'certificate.activate': (of) =>
    perform(of, of.operations['certificate.activate'], { name: 'a.pem' }),
}

const DNS = { dnsProvider: 'aliyun', dnsParameters: {} }

/** One that is listed, uploaded and removed. */
function purposeOf({ certificates }: ProviderConnection): CertificatePurpose {
  const kind = certificates?.kinds.find((each) => each.isListed && each.canRemove)
  if (kind === undefined) throw new Error('Cannot call: no certificate can be removed')
  return kind.purpose
}

async function codeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
    return 'it was sent'
  } catch (error) {
    return isFault(error) ? error.code : String(error)
  }
}

// Where our own code forgot to check a base URL before it was stored, the call itself must refuse it.
test.each([...providers.values()].map((provider) => [provider.id, provider] as const))(
  'every operation of %s, its login too, refuses every hostile base URL, and no certificate is read there',
  async (id, provider) => {
    const { config, credentials, upstreamId } = DRAFTS[id] ?? {}
    if (config === undefined || upstreamId === undefined)
      throw new Error(`Cannot test: ${id} has no draft`)
    const loaded = await provider.load()
    let refused = 0
    for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
      // What is not even of the form of a URL does not get that far.
      if (!loaded.config.safeParse({ ...config, baseUrl }).success) continue
      const bound = loaded.connect({ ...config, baseUrl }, credentials)
      const { session } = bound
      const calls = provider.operationNames.map(
        (each) => () => CALLS[each](bound, upstreamId ?? 'none'),
      )
      if (session !== undefined) calls.push(() => perform(bound, session.open, {}))
      calls.push(async () => upstream.servedCertificate?.(bound.origin))
      for (const call of calls) {
        expect(await codeOf(call), name).toBe('invalid_request')
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(60 * provider.operationNames.length)
    expect(inside.connections()).toBe(0)
  },
)
