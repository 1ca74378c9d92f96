import type { TlsTrust, UpstreamOutcome } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { Authority, fingerprintOf } from '../testing/certificates.ts'
import { type Certificate, listenTls, type TlsListener } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createSocketTransport } from './socket-transport.ts'

const NAME = 'pbx.example.com'
const SECRET = 'Bearer of-nobody-elses'
const REQUEST = { method: 'GET', path: ['x'], headers: { authorization: SECRET } } as const

let own: Authority
let other: Authority
let leaf: Certificate
const listeners: TlsListener[] = []
beforeAll(() => {
  own = new Authority('Own CA')
  other = new Authority('Other CA')
  leaf = own.leaf(NAME)
})
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})
afterAll(() => {
  own.close()
  other.close()
})

async function serve(...of: Parameters<typeof listenTls>): Promise<TlsListener> {
  const listener = await listenTls(...of)
  listeners.push(listener)
  return listener
}

function upstreamWith() {
  const policy = createHostPolicy({ allowPrivate: '127.0.0.0/8', upstreamHosts: '' })
  const transport = createSocketTransport({ policy, resolve: async () => ['127.0.0.1'] })
  return createUpstream({ transport, policy, clock: impatientClock(), random, timeoutMs: 2_000 })
}

const to = ({ port }: TlsListener, tls: TlsTrust | undefined, host = NAME) =>
  callTo(`https://${host}:${port}`, {
    request: REQUEST,
    ...(tls === undefined ? {} : { tls }),
  })
const pin = (certificate: Certificate): TlsTrust => ({
  pinnedFingerprint: fingerprintOf(certificate),
})
const authorities = (...all: readonly Authority[]): TlsTrust => ({
  caCertificates: all.map(({ certificate }) => certificate.cert).join(''),
})

/** Expects a call to fail for the certificate, once and with nothing sent. */
async function expectUntrusted(
  listener: TlsListener,
  tls: TlsTrust | undefined,
  upstream = upstreamWith(),
): Promise<string> {
  const [before, received] = [listener.connections(), listener.received()]
  const fault = await faultOf(upstream, to(listener, tls))
  expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no', retryable: false })
  expect(listener.received()).toBe(received)
  expect(listener.connections()).toBe(before + 1)
  return fault.message
}

const value = ({ value: body }: UpstreamOutcome<unknown>) => body

describe('tls.caCertificates', () => {
  test('lets through a host whose certificate its authority issued, by name and by address', async () => {
    const listener = await serve(own.leaf(NAME, { altNames: `DNS:${NAME},IP:127.0.0.1` }))
    const upstream = upstreamWith()
    expect(value(await upstream.perform(to(listener, authorities(own))))).toBe('ok')
    const byAddress = to(listener, authorities(own), '127.0.0.1')
    expect(value(await upstream.perform(byAddress))).toBe('ok')
  })

  test('takes every one of several authorities', async () => {
    const listener = await serve(leaf)
    for (const tls of [authorities(other, own), authorities(own, other)]) {
      expect(value(await upstreamWith().perform(to(listener, tls)))).toBe('ok')
    }
  })

  test('takes a self-signed certificate for its own authority', async () => {
    const self = own.selfSigned(NAME)
    const listener = await serve(self)
    const call = to(listener, { caCertificates: self.cert })
    expect(value(await upstreamWith().perform(call))).toBe('ok')
  })

  test.each([
    ['another authority issued', () => leaf, () => authorities(other), 'none of the authorities'],
    ['is for another name', () => own.leaf('x.example.com'), () => authorities(own), 'host name'],
    ['has expired', () => own.leaf(NAME, { days: -1 }), () => authorities(own), 'expired'],
    ['nobody else issued', () => own.selfSigned(NAME), () => authorities(own), 'authorities'],
  ])(
    'refuses a certificate that %s, before the request leaves',
    async (_which, certificate, tls, why) => {
      expect(await expectUntrusted(await serve(certificate()), tls())).toContain(why)
    },
  )

  // Any public authority, or one that the operating system was made to trust, would do as a way in.
  test('alone is trusted: not what the runtime trusts beside it', async () => {
    const { getCACertificates, setDefaultCACertificates } = await import('node:tls')
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, own.certificate.cert])
    try {
      const listener = await serve(leaf)
      expect(value(await upstreamWith().perform(to(listener, undefined)))).toBe('ok')
      await listener.close()
      await expectUntrusted(await serve(leaf), authorities(other))
    } finally {
      setDefaultCACertificates(before)
    }
  })
})

describe('tls.pinnedFingerprint', () => {
  test.each([
    ['issued by anybody', () => leaf],
    ['self-signed', () => own.selfSigned(NAME)],
    ['expired', () => own.leaf(NAME, { days: -1 })],
    ['for another name', () => own.leaf('x.example.com')],
  ])('lets through the one certificate, %s', async (_how, make) => {
    const certificate = make()
    const listener = await serve(certificate)
    const upstream = upstreamWith()
    for (let call = 0; call < 3; call += 1) {
      expect(value(await upstream.perform(to(listener, pin(certificate))))).toBe('ok')
    }
    expect(listener.connections()).toBe(1)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'refuses every other certificate under %s, before the request leaves',
    async (maxVersion) => {
      const message = await expectUntrusted(await serve(leaf, { maxVersion }), pin(own.certificate))
      expect(message).toContain(fingerprintOf(leaf))
      expect(message).toContain('tls.pinnedFingerprint')
    },
  )

  test('refuses another certificate of the same key', async () => {
    const renewed = own.leaf(NAME, { keyOf: leaf })
    expect(renewed.key).toBe(leaf.key)
    await expectUntrusted(await serve(renewed), pin(leaf))
  })
})

test('a certificate of nobody that is known is refused without tls, with what to do', async () => {
  expect(await expectUntrusted(await serve(leaf), undefined)).toContain('tls in its connection')
})

describe('a pooled connection under one trust', () => {
  // A connection that was opened for a pin must not serve whoever asks for the authorities' word, or for another pin.
  test('is not used under another one', async () => {
    const listener = await serve(leaf)
    const upstream = upstreamWith()
    expect(value(await upstream.perform(to(listener, pin(leaf))))).toBe('ok')
    for (const tls of [pin(own.certificate), authorities(other), undefined]) {
      await expectUntrusted(listener, tls, upstream)
    }
    expect(value(await upstream.perform(to(listener, authorities(own))))).toBe('ok')
    expect(value(await upstream.perform(to(listener, pin(leaf))))).toBe('ok')
  })

  // A host could show the right certificate first, and another one when the connection is known to be good.
  test('takes no other certificate later', async () => {
    const listener = await serve(leaf, { maxVersion: 'TLSv1.2' })
    const upstream = upstreamWith()
    expect(value(await upstream.perform(to(listener, pin(leaf))))).toBe('ok')
    // Deno's TLS knows no renegotiation, as a server or a client.
    const [refusal] = await listener.renegotiate()
    expect(refusal).toMatch(/^(?:ERR_SSL_NO_RENEGOTIATION|it cannot be asked for)$/)
    expect(value(await upstream.perform(to(listener, pin(leaf))))).toBe('ok')
  })

  // Deno would resume the session by itself, and show the certificate of the first handshake again.
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is opened anew without its session under %s: what the host shows now counts',
    async (maxVersion) => {
      const listener = await serve(leaf, { maxVersion })
      const next = own.leaf(NAME)
      for (const tls of [pin(leaf), pin(leaf), authorities(own), authorities(own)]) {
        expect(value(await upstreamWith().perform(to(listener, tls)))).toBe('ok')
      }
      expect([listener.connections(), listener.resumed()]).toEqual([4, 0])
      listener.show(next)
      expect(await expectUntrusted(listener, pin(leaf))).toContain(fingerprintOf(next))
      expect(value(await upstreamWith().perform(to(listener, pin(next))))).toBe('ok')
    },
  )
})
