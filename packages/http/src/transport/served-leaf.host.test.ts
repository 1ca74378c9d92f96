import { isFault } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { impatientClock, random } from '../testing/calls.ts'
import { Authority, derOf } from '../testing/certificates.ts'
import { type Listener, listenHttp, listenTcp, listenTls, until } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createSocketTransport } from './socket-transport.ts'

const NAME = 'pbx.example.com'

let authority: Authority
const listeners: Listener[] = []
beforeAll(() => {
  authority = new Authority('Own CA')
})
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})
afterAll(() => authority.close())

function kept<Kind extends Listener>(listener: Kind): Kind {
  listeners.push(listener)
  return listener
}

/** The certificate that a host on loopback shows. */
async function shown(baseUrl: string, allowPrivate = '127.0.0.0/8'): Promise<Uint8Array> {
  const policy = createHostPolicy({ allowPrivate, upstreamHosts: '' })
  const transport = createSocketTransport({ policy, resolve: async () => ['127.0.0.1'] })
  const clock = impatientClock()
  const { servedCertificate } = createUpstream({
    transport,
    policy,
    clock,
    random,
    timeoutMs: 1_000,
  })
  if (servedCertificate === null) throw new Error('Cannot read: sockets can')
  return servedCertificate({ baseUrl, hosts: { rule: 'operator' } })
}

async function faultOf(reading: Promise<unknown>): Promise<unknown> {
  try {
    await reading
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('Cannot tell fault: it was read')
}

describe('servedCertificate()', () => {
  test.each([
    ['issued by anybody', () => authority.leaf(NAME)],
    ['self-signed', () => authority.selfSigned(NAME)],
    ['expired', () => authority.leaf(NAME, { days: -1 })],
    ['for another name', () => authority.leaf('x.example.com')],
  ])('reads a certificate %s, and sends nothing', async (_how, make) => {
    const certificate = make()
    const listener = kept(await listenTls(certificate))
    for (const host of [NAME, '127.0.0.1']) {
      expect(await shown(`https://${host}:${listener.port}/path`)).toEqual(derOf(certificate))
    }
    expect(listener.received()).toBe('')
  })

  test('asks for the host by its name', async () => {
    const [one, two] = [authority.leaf(NAME), authority.leaf('x.example.com')]
    const names: string[] = []
    const { createSecureContext } = await import('node:tls')
    const listener = kept(
      await listenTls(one, {
        SNICallback(name, done) {
          names.push(name)
          done(null, createSecureContext(name === NAME ? one : two))
        },
      }),
    )
    expect(await shown(`https://${NAME}:${listener.port}`)).toEqual(derOf(one))
    expect(await shown(`https://x.example.com:${listener.port}`)).toEqual(derOf(two))
    expect(names).toEqual([NAME, 'x.example.com'])
  })

  // It is asked right after a certificate was changed: an answer from the session before would be the old one.
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'reads what is shown now under %s, though the host still takes tickets of before',
    async (maxVersion) => {
      const [before, after] = [authority.leaf(NAME), authority.leaf(NAME)]
      const listener = kept(await listenTls(before, { maxVersion }))
      const baseUrl = `https://${NAME}:${listener.port}`
      expect(await shown(baseUrl)).toEqual(derOf(before))
      expect(await shown(baseUrl)).toEqual(derOf(before))
      listener.show(after)
      expect(await shown(baseUrl)).toEqual(derOf(after))
      expect([listener.connections(), listener.resumed()]).toEqual([3, 0])
    },
  )

  test('leaves no connection open', async () => {
    const listener = kept(await listenTls(authority.leaf(NAME)))
    await shown(`https://${NAME}:${listener.port}`)
    await until(() => listener.open() === 0)
    expect(listener.connections()).toBe(1)
  })

  test('fails where the host is plain http, without a connection', async () => {
    const listener = kept(await listenHttp(() => {}))
    const fault = await faultOf(shown(`http://127.0.0.1:${listener.port}`))
    expect(fault).toMatchObject({ code: 'invalid_request' })
    expect(listener.connections()).toBe(0)
  })

  test('fails where nobody speaks TLS, or nobody at all', async () => {
    const listener = kept(await listenHttp(() => {}))
    const baseUrl = `https://${NAME}:${listener.port}`
    expect(await faultOf(shown(baseUrl))).toMatchObject({ code: 'upstream_unavailable' })
    await listener.close()
    listeners.pop()
    expect(await faultOf(shown(baseUrl))).toMatchObject({ code: 'upstream_unavailable' })
  })

  test('gives up where TLS never answers, and hangs up', async () => {
    const silent = kept(await listenTcp((socket) => socket.resume()))
    const fault = await faultOf(shown(`https://${NAME}:${silent.port}`))
    expect(fault).toMatchObject({ code: 'upstream_timeout', effect: 'no' })
    await until(() => silent.open() === 0)
    expect(silent.connections()).toBe(1)
  })

  // Whoever may make connections learns from a certificate what runs where only we can reach.
  test.each(['127.0.0.1', NAME])('refuses a host inside: %s', async (host) => {
    const listener = kept(await listenTls(authority.leaf(NAME)))
    const fault = await faultOf(shown(`https://${host}:${listener.port}`, ''))
    expect(fault).toMatchObject({
      code: host === NAME ? 'upstream_unavailable' : 'invalid_request',
    })
    expect(listener.connections()).toBe(0)
  })
})
