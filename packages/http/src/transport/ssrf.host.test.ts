import { isFault } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE_RESOLUTIONS, hostileBaseUrls } from '../fixtures/index.ts'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { type Listener, listenHttp } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createFetchTransport } from './fetch-transport.ts'
import type { Resolve } from './resolve.ts'
import { createSocketTransport } from './socket-transport.ts'
import { type Transport, TransportFailure } from './transport.ts'

const closed = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
/** Allows one address of loopback, and no other. */
const policyFor = (address: string) =>
  createHostPolicy({ allowPrivate: address, upstreamHosts: '' })

/** What must never be reached: it listens where every hostile URL leads. */
let inside: Listener

beforeAll(async () => {
  inside = await listenHttp((_request, response) => response.end('inside'))
})
afterAll(() => inside.close())

const toLoopback: Resolve = async () => ['127.0.0.1']
const onlyGoodToLoopback: Resolve = async (name) =>
  name === 'good.example.com' ? ['127.0.0.1'] : ['10.0.0.1']

function upstreamOver(transport: Transport, policy = closed) {
  const clock = impatientClock()
  return createUpstream({ transport, policy, clock, random, timeoutMs: 2_000 })
}

/** What a transport says to a URL that nobody checked before. */
async function refusalOf(transport: Transport, url: URL): Promise<string> {
  const { signal } = new AbortController()
  try {
    await transport.send({ url, method: 'GET', headers: {}, body: null, signal })
  } catch (error) {
    if (isFault(error)) return error.code
    if (error instanceof TransportFailure) return error.kind
    throw error
  }
  throw new Error('Cannot tell refusal: the transport sent it')
}

// A connection is made with a base URL that leads inside, in every spelling that somebody has thought of.
test('perform() refuses every hostile base URL before anything is dialed', async () => {
  const upstream = upstreamOver(createSocketTransport({ policy: closed, resolve: toLoopback }))
  for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
    const fault = await faultOf(upstream, callTo(baseUrl))
    expect(fault.code, name).toBe('invalid_request')
    expect(fault.effect, name).toBe('no')
  }
  expect(inside.connections()).toBe(0)
})

// The same, where the check of the base URL has been forgotten: the transport asks the policy itself.
test('a transport refuses every hostile URL by itself', async () => {
  const socket = createSocketTransport({ policy: closed, resolve: toLoopback })
  let tried = 0
  for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
    const url = URL.parse(baseUrl)
    if (url === null || !/^https?:$/.test(url.protocol)) continue
    tried += 1
    expect(await refusalOf(socket, url), name).toMatch(/^(?:invalid_request|refused)$/)
  }
  expect(tried).toBeGreaterThan(60)
  expect(inside.connections()).toBe(0)
})

test('createFetchTransport() refuses literal private addresses and names that it cannot check', async () => {
  const policies = [closed, policyFor('10.1.2.3')]
  const hosts = ['127.0.0.1', '[::1]', '169.254.169.254', 'localhost', 'pbx.internal']
  for (const policy of policies) {
    const transport = createFetchTransport({ policy })
    for (const host of hosts) {
      const url = new URL(`http://${host}:${inside.port}/`)
      expect(await refusalOf(transport, url), url.host).toBe('invalid_request')
    }
    expect(await refusalOf(transport, new URL('http://pbx.example.com'))).toBe('invalid_request')
  }
  expect(inside.connections()).toBe(0)
})

describe('a name that resolves inside', () => {
  // The attacker's own DNS zone names addresses that only we can reach.
  test.each(HOSTILE_RESOLUTIONS)('is refused: %s', async (_name, addresses) => {
    const resolve: Resolve = async () => addresses
    const upstream = upstreamOver(createSocketTransport({ policy: closed, resolve }))
    const fault = await faultOf(upstream, callTo(`https://pbx.example.com:${inside.port}`))
    expect(fault.code).toBe('upstream_unavailable')
    expect(fault.effect).toBe('no')
    expect(fault.message).not.toMatch(/\d+\.\d+\.\d+\.\d+|::/)
    expect(inside.connections()).toBe(0)
  })

  test('is not tried again when it was refused', async () => {
    let asked = 0
    const resolve: Resolve = async () => {
      asked += 1
      return ['127.0.0.1']
    }
    const upstream = upstreamOver(createSocketTransport({ policy: closed, resolve }))
    await faultOf(upstream, callTo('https://pbx.example.com'))
    expect(asked).toBe(1)
  })
})

describe('a name that resolves differently each time', () => {
  // DNS rebinding: an allowed address for the check, loopback a moment later for the dial.
  // Elsewhere than on Linux, loopback has but one address to listen on.
  test.skipIf(process.platform !== 'linux')(
    'is dialed where it was checked (needs Linux)',
    async () => {
      const allowed = '127.0.0.2'
      const policy = policyFor(allowed)
      const outside = await listenHttp((_request, response) => response.end('outside'), {
        host: allowed,
        port: inside.port,
      })
      let asked = 0
      const resolve: Resolve = async () => {
        asked += 1
        return asked === 1 ? [allowed] : ['127.0.0.1']
      }
      const upstream = upstreamOver(createSocketTransport({ policy, resolve }), policy)
      const call = callTo(`http://pbx.example.com:${inside.port}`)
      try {
        expect((await upstream.perform(call)).value).toBe('outside')
        expect(asked).toBe(1)
        // The pooled connection is still the checked one.
        expect((await upstream.perform(call)).value).toBe('outside')
        expect(asked).toBe(1)
      } finally {
        await outside.close()
      }
      const fault = await faultOf(upstream, call)
      expect(fault.code).toBe('upstream_unavailable')
      expect(asked).toBeGreaterThan(1)
      expect(inside.connections()).toBe(0)
    },
  )

  // The pool must not hand a connection that was dialed for one name to another.
  test('shares no connection between names', async () => {
    const outside = await listenHttp((request, response) => response.end(request.headers.host))
    const policy = policyFor('127.0.0.1')
    const transport = createSocketTransport({ policy, resolve: onlyGoodToLoopback })
    const upstream = upstreamOver(transport, policy)
    try {
      const good = callTo(`http://good.example.com:${outside.port}`)
      expect((await upstream.perform(good)).value).toBe(`good.example.com:${outside.port}`)
      const bad = callTo(`http://bad.example.com:${outside.port}`)
      expect((await faultOf(upstream, bad)).code).toBe('upstream_unavailable')
    } finally {
      await outside.close()
    }
  })
})

// An upstream that was taken over answers with a redirect to what only we can reach.
test.each([301, 302, 303, 307, 308])('a redirect is not followed: %i', async (status) => {
  const location = `http://127.0.0.1:${inside.port}/?token=secret`
  const outside = await listenHttp((_request, response) => {
    response.writeHead(status, { location }).end('moved')
  })
  const policy = policyFor('127.0.0.1')
  try {
    for (const transport of [createSocketTransport({ policy }), createFetchTransport({ policy })]) {
      const upstream = upstreamOver(transport, policy)
      const fault = await faultOf(upstream, callTo(`http://127.0.0.1:${outside.port}`))
      expect(fault.code).toBe('upstream_malformed')
      expect(fault.message).toContain('redirect')
      expect(fault.message).not.toContain('secret')
    }
    expect(outside.connections()).toBe(2)
    expect(inside.connections()).toBe(0)
  } finally {
    await outside.close()
  }
})
