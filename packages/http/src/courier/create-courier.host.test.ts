import { type Fault, isFault, type Parcel } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { impatientClock } from '../testing/calls.ts'
import { listenHttp } from '../testing/loopback.ts'
import type { Resolve } from '../transport/resolve.ts'
import { createSocketTransport } from '../transport/socket-transport.ts'
import { createCourier } from './create-courier.ts'

const policy = createHostPolicy({ allowPrivate: '127.0.0.1/32', upstreamHosts: '' })
const CHUNK = new Uint8Array(64 * 1024)

function courierWith(options: { readonly resolve?: Resolve; readonly timeoutMs?: number } = {}) {
  const { resolve, timeoutMs = 2_000 } = options
  const transport = createSocketTransport({ policy, ...(resolve === undefined ? {} : { resolve }) })
  return createCourier({ transport, policy, clock: impatientClock(), timeoutMs })
}

function parcelTo(port: number, path = '/hook?a=1'): Parcel {
  return {
    url: `http://127.0.0.1:${port}${path}`,
    headers: { 'webhook-id': 'evt_1' },
    body: '{"ä":1}',
  }
}

async function faultOf(post: Promise<unknown>): Promise<Fault> {
  try {
    await post
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('Cannot tell fault: the parcel was answered')
}

describe('post()', () => {
  test('sends the body byte for byte, and uses a connection again', async () => {
    const seen: unknown[] = []
    const listener = await listenHttp((request, response) => {
      const { method, url, headers } = request
      seen.push({ method, url, id: headers['webhook-id'], type: headers['content-type'] })
      request.setEncoding('utf8').on('data', (text) => seen.push(text))
      request.on('end', () => response.end('thank you'))
    })
    const courier = courierWith()
    for (let count = 0; count < 2; count += 1) {
      expect(await courier.post(parcelTo(listener.port))).toMatchObject({
        status: 200,
        retryAfterMs: null,
      })
    }
    const head = { method: 'POST', url: '/hook?a=1', id: 'evt_1', type: 'application/json' }
    expect(seen).toEqual([head, '{"ä":1}', head, '{"ä":1}'])
    expect(listener.connections()).toBe(1)
    await listener.close()
  })

  // A receiver redirects what it is sent to a service that only we can reach.
  test('follows no redirect', async () => {
    const inside = await listenHttp((_, response) => response.end('inside'))
    const listener = await listenHttp((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end()
    })
    expect(await courierWith().post(parcelTo(listener.port))).toMatchObject({ status: 307 })
    expect(inside.connections()).toBe(0)
    await Promise.all([listener.close(), inside.close()])
  })

  // A receiver answers without end, to fill our memory or to keep us busy.
  test('takes the status of an answer that does not end, and hangs up', async () => {
    const hungUp = Promise.withResolvers<void>()
    const listener = await listenHttp(({ socket }, response) => {
      socket.once('close', hungUp.resolve)
      response.writeHead(200)
      const pour = () => {
        while (response.write(CHUNK));
      }
      response.on('drain', pour)
      pour()
    })
    expect(await courierWith().post(parcelTo(listener.port))).toMatchObject({ status: 200 })
    await hungUp.promise
    await listener.close()
  })

  test('takes the status of an answer that trickles, and hangs up', async () => {
    const hungUp = Promise.withResolvers<void>()
    const listener = await listenHttp(({ socket }, response) => {
      socket.once('close', hungUp.resolve)
      response.writeHead(205)
      response.write('.')
    })
    expect(await courierWith().post(parcelTo(listener.port))).toMatchObject({ status: 205 })
    await hungUp.promise
    await listener.close()
  })

  test('gives up on a receiver that never answers', async () => {
    const hungUp = Promise.withResolvers<void>()
    const listener = await listenHttp(({ socket }) => socket.once('close', hungUp.resolve))
    const fault = await faultOf(courierWith({ timeoutMs: 50 }).post(parcelTo(listener.port)))
    expect(fault).toMatchObject({ code: 'upstream_timeout', effect: 'unknown' })
    await hungUp.promise
    await listener.close()
  })

  test('gives up where nobody listens', async () => {
    const listener = await listenHttp(() => {})
    await listener.close()
    const fault = await faultOf(courierWith().post(parcelTo(listener.port)))
    expect(fault.code).toBe('upstream_unavailable')
  })

  // The name was public when the endpoint was made, and leads inside when it is called.
  test('dials no private address that a name resolves to', async () => {
    const inside = await listenHttp((_, response) => response.end('inside'))
    const courier = courierWith({ resolve: async () => ['127.0.0.1', '10.0.0.1'] })
    const url = `http://hooks.example.com:${inside.port}/`
    const fault = await faultOf(courier.post({ url, headers: {}, body: '{}' }))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no' })
    expect(inside.connections()).toBe(0)
    await inside.close()
  })

  // A name may be one of an allowed range, which may do without https: where it is, only its addresses tell.
  test('sends nothing in the clear to a public address', async () => {
    const url = 'http://hooks.example.com/'
    for (const addresses of [['192.0.32.10'], ['127.0.0.1', '192.0.32.10']]) {
      const courier = courierWith({ resolve: async () => addresses })
      await courier.admit(url)
      const fault = await faultOf(courier.post({ url, headers: {}, body: '{}' }))
      expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no' })
      expect(fault.message).toContain('not allowed')
    }
  })

  test('refuses at the call what `admit()` refuses', async () => {
    const courier = courierWith()
    const url = 'https://127.0.0.2/'
    expect((await faultOf(courier.admit(url))).code).toBe('invalid_request')
    expect((await faultOf(courier.post({ url, headers: {}, body: '{}' }))).code).toBe(
      'invalid_request',
    )
  })

  test('tells how long a receiver asks to be left alone', async () => {
    const listener = await listenHttp((_, response) => {
      response.writeHead(429, { 'retry-after': '120' }).end()
    })
    expect(await courierWith().post(parcelTo(listener.port))).toMatchObject({
      status: 429,
      retryAfterMs: 120_000,
    })
    await listener.close()
  })
})
