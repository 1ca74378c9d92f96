import { isFault, type TlsTrust, type Upstream } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE_RESOLUTIONS, hostileBaseUrls } from '../fixtures/index.ts'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, impatientClock, random } from '../testing/calls.ts'
import { Authority, derOf, fingerprintOf } from '../testing/certificates.ts'
import { type Certificate, type Listener, listenTcp, listenTls } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import type { Resolve } from './resolve.ts'
import { createSocketTransport } from './socket-transport.ts'
import { TransportFailure } from './transport.ts'

const NAME = 'pbx.example.com'
const closed = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
const toLoopback: Resolve = async () => ['127.0.0.1']

/** What must never be reached. */
let inside: Listener
let authority: Authority
let leaf: Certificate
beforeAll(async () => {
  inside = await listenTcp((socket) => socket.destroy())
  authority = new Authority('Own CA')
  leaf = authority.leaf(NAME)
})
afterAll(async () => {
  await inside.close()
  authority.close()
})

type WayOut = (upstream: Upstream, baseUrl: string) => Promise<unknown>

const under =
  (tls: () => TlsTrust): WayOut =>
  (upstream, baseUrl) =>
    upstream.perform(callTo(baseUrl, { tls: tls(), attempts: 1 }))

/** Everything that dials under another trust than the runtime's. */
const WAYS_OUT: readonly (readonly [name: string, wayOut: WayOut])[] = [
  ['a request under a pin', under(() => ({ pinnedFingerprint: fingerprintOf(leaf) }))],
  ['a request under an authority', under(() => ({ caCertificates: authority.certificate.cert }))],
  [
    'the reading of a certificate',
    async (upstream, baseUrl) =>
      upstream.servedCertificate?.({ baseUrl, hosts: { rule: 'operator' } }),
  ],
]

function upstreamOver(resolve: Resolve, policy = closed): Upstream {
  const transport = createSocketTransport({ policy, resolve })
  return createUpstream({ transport, policy, clock: impatientClock(), random, timeoutMs: 2_000 })
}

async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (isFault(error)) return `${error.code} ${error.effect}: ${error.message}`
    if (error instanceof TransportFailure) return error.kind
    throw error
  }
  throw new Error('Cannot tell refusal: it went out')
}

describe.each(WAYS_OUT)('%s', (_name, goOut) => {
  test('goes to no hostile base URL', async () => {
    const upstream = upstreamOver(toLoopback)
    for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
      expect(await refusalOf(goOut(upstream, baseUrl)), name).toMatch(/^invalid_request no:/)
    }
    expect(inside.connections()).toBe(0)
  })

  // The attacker's own DNS zone names addresses that only we can reach.
  test.each(HOSTILE_RESOLUTIONS)('dials no name that resolves to %s', async (_what, addresses) => {
    const upstream = upstreamOver(async () => addresses)
    const refusal = await refusalOf(goOut(upstream, `https://${NAME}:${inside.port}`))
    expect(refusal).toMatch(/^upstream_unavailable no:/)
    expect(refusal).not.toMatch(/\d+\.\d+\.\d+\.\d+|::/)
    expect(inside.connections()).toBe(0)
  })

  // DNS rebinding: an allowed address for the check, loopback a moment later for the dial.
  // Elsewhere than on Linux, loopback has but one address to listen on.
  test.skipIf(process.platform !== 'linux')(
    'dials the address that was checked (needs Linux)',
    async () => {
      const allowed = '127.0.0.2'
      const outside = await listenTls(leaf, {}, { host: allowed, port: inside.port })
      const policy = createHostPolicy({ allowPrivate: allowed, upstreamHosts: '' })
      let asked = 0
      const rebinding: Resolve = async () => {
        asked += 1
        return asked === 1 ? [allowed] : ['127.0.0.1']
      }
      try {
        const result = await goOut(
          upstreamOver(rebinding, policy),
          `https://${NAME}:${inside.port}`,
        )
        expect(result instanceof Uint8Array ? result : derOf(leaf)).toEqual(derOf(leaf))
        expect([asked, outside.connections(), inside.connections()]).toEqual([1, 1, 0])
      } finally {
        await outside.close()
      }
    },
  )
})

// The same, where the check of the base URL has been forgotten: the transport asks the policy itself.
test('a transport refuses every hostile URL by itself, whatever it is to trust', async () => {
  const socket = createSocketTransport({ policy: closed, resolve: toLoopback })
  const { signal } = new AbortController()
  const tls = { pinnedFingerprint: fingerprintOf(leaf) }
  const ways: readonly ((url: URL) => Promise<unknown>)[] = [
    (url) => socket.send({ url, method: 'GET', headers: {}, body: null, signal, tls }),
    async (url) => socket.readLeaf?.(url, signal),
  ]
  let tried = 0
  for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
    const url = URL.parse(baseUrl)
    if (url?.protocol !== 'https:') continue
    tried += 1
    for (const way of ways) {
      expect(await refusalOf(way(url)), name).toMatch(/^(?:invalid_request no:|refused$)/)
    }
  }
  expect(tried).toBeGreaterThan(20)
  expect(inside.connections()).toBe(0)
})
