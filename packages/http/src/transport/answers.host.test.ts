import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { type CallOptions, callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { type Listener, listenHttp, listenTcp } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createFetchTransport } from './fetch-transport.ts'
import { createSocketTransport } from './socket-transport.ts'

const MAX_BODY_BYTES = 64 * 1024
const policy = createHostPolicy({ allowPrivate: '127.0.0.0/8', upstreamHosts: '' })

/** Everything below holds for both transports, on Node and on Deno. */
const TRANSPORTS = [
  ['socket', createSocketTransport({ policy })],
  ['fetch', createFetchTransport({ policy })],
] as const

const listeners: Listener[] = []
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})

async function http(handler: RequestListener): Promise<Listener> {
  const listener = await listenHttp(handler)
  listeners.push(listener)
  return listener
}

/** Answers every request with these bytes, then does what `after` says. */
async function raw(answer: string, after: (socket: Socket) => void = () => {}): Promise<Listener> {
  const listener = await listenTcp((socket) => {
    socket.once('data', () => {
      if (answer === '') after(socket)
      else socket.write(answer, 'latin1', () => after(socket))
    })
  })
  listeners.push(listener)
  return listener
}

const baseUrlOf = (listener: Listener) => `http://127.0.0.1:${listener.port}`
const end = (socket: Socket) => socket.end()
const reset = (socket: Socket) => socket.resetAndDestroy()

for (const [name, transport] of TRANSPORTS)
  describe(`over the ${name} transport`, () => {
    const upstream = createUpstream({
      transport,
      policy,
      clock: impatientClock(),
      random,
      timeoutMs: 300,
      maxBodyBytes: MAX_BODY_BYTES,
    })
    const fault = (listener: Listener, options: CallOptions<unknown> = { attempts: 1 }) =>
      faultOf(upstream, callTo(baseUrlOf(listener), options))

    test('a whole answer comes back with what is told of it', async () => {
      const listener = await http((request, response) => {
        response.writeHead(201, { 'x-fb-trace-id': 'trace/1', 'x-request-id': 'other' })
        request.setEncoding('utf8').on('data', (text: string) => response.write(text))
        request.on('end', () => response.end(` ${request.method} ${request.url}`))
      })
      const outcome = await upstream.perform(
        callTo(`${baseUrlOf(listener)}/base`, {
          request: { method: 'POST', path: ['a b', '+91'], query: [['q', 'ü']], body: 'ключ' },
        }),
      )
      expect(outcome).toMatchObject({
        value: 'ключ POST /base/a%20b/+91?q=%C3%BC',
        status: 201,
        requestId: 'trace/1',
        attempts: 1,
        pressure: null,
      })
    })

    test('every request has a User-Agent and a length', async () => {
      const listener = await http((request, response) =>
        response.end(JSON.stringify(request.headers)),
      )
      const { value } = await upstream.perform(
        callTo(baseUrlOf(listener), { request: { method: 'POST', path: [] } }),
      )
      expect(JSON.parse(value)).toMatchObject({
        'user-agent': 'Latchkey',
        'content-length': '0',
      })
    })

    test('bytes that are not UTF-8 are replaced', async () => {
      const listener = await http((_request, response) => response.end(Buffer.from([0x61, 0xff])))
      expect((await upstream.perform(callTo(baseUrlOf(listener)))).value).toBe('a\u{FFFD}')
    })

    test('no answer is a timeout whose effect nobody knows', async () => {
      const listener = await http(() => {})
      expect(await fault(listener)).toMatchObject({ code: 'upstream_timeout', effect: 'unknown' })
    })

    // A slow drip keeps every read busy and never ends.
    test('a body that drips is a timeout', async () => {
      const listener = await http((_request, response) => {
        const drip = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(drip))
      })
      expect(await fault(listener)).toMatchObject({ code: 'upstream_timeout', effect: 'unknown' })
    })

    test.each([
      ['before the answer', '', end],
      ['by a reset before the answer', '', reset],
      ['within the headers', 'HTTP/1.1 200 OK\r\nContent-Type: te', end],
      [
        'before the length that was told',
        'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
        end,
      ],
      ['by a reset within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', reset],
      ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf', end],
      [
        'before the last chunk',
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
        end,
      ],
    ])('a connection that closes %s leaves an unknown effect', async (_when, answer, after) => {
      const told = await fault(await raw(answer, after))
      expect(told).toMatchObject({
        code: 'upstream_unavailable',
        effect: 'unknown',
        retryable: true,
      })
    })

    test.each([
      ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
      ['a status that is no number', 'HTTP/1.1 abc OK\r\n\r\n'],
      [
        'a broken chunk size',
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n',
      ],
    ])('an answer with %s fails with an unknown effect', async (_what, answer) => {
      const told = await fault(await raw(answer, end))
      expect(told.code).toMatch(/^upstream_(?:malformed|unavailable)$/)
      expect(told.effect).toBe('unknown')
    })

    // The length that a header tells is small, what comes is not.
    test('an answer over the size cap is refused while it is still arriving', async () => {
      let written = 0
      const listener = await http((_request, response) => {
        const more = () => {
          while (!response.destroyed && written < 512 * MAX_BODY_BYTES) {
            written += MAX_BODY_BYTES
            if (!response.write(Buffer.alloc(MAX_BODY_BYTES, 'x'))) break
          }
        }
        response.on('drain', more)
        more()
      })
      const told = await fault(listener)
      expect(told).toMatchObject({
        code: 'upstream_malformed',
        effect: 'unknown',
        retryable: false,
      })
      expect(written).toBeLessThan(512 * MAX_BODY_BYTES)
    })

    test('an answer of exactly the size cap is taken', async () => {
      const listener = await http((_request, response) => response.end('x'.repeat(MAX_BODY_BYTES)))
      const { value } = await upstream.perform(callTo(baseUrlOf(listener)))
      expect(value.length).toBe(MAX_BODY_BYTES)
    })

    // A few kilobytes on the wire, many megabytes in memory.
    test.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ])('a decompression bomb counts as what it decodes to: %s', async (encoding, compress) => {
      const bomb = compress(Buffer.alloc(32 * 1024 * 1024))
      const listener = await http((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(bomb)
      })
      expect((await fault(listener)).code).toBe('upstream_malformed')
    })

    test('an answer that is compressed unasked is understood', async () => {
      const listener = await http((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":true}'))
      })
      expect((await upstream.perform(callTo(baseUrlOf(listener)))).value).toBe('{"ok":true}')
    })

    test('a broken encoding fails with an unknown effect', async () => {
      const listener = await http((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip')
      })
      const told = await fault(listener)
      expect(told.code).toMatch(/^upstream_(?:malformed|unavailable)$/)
      expect(told.effect).toBe('unknown')
    })

    test('endless headers are cut off', async () => {
      const listener = await raw('HTTP/1.1 200 OK\r\n', (socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(`X-Filler: ${'x'.repeat(8192)}\r\n`)) continue
        }
        socket.on('drain', more)
        more()
      })
      expect((await fault(listener)).effect).toBe('unknown')
    })
  })
