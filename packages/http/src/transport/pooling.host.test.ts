import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { listenHttp } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import type { Resolve } from './resolve.ts'
import { createSocketTransport } from './socket-transport.ts'

const NAME = 'upstream.example.com'
const policy = createHostPolicy({ allowPrivate: '127.0.0.0/8', upstreamHosts: '' })
const toLoopback: Resolve = async () => ['127.0.0.1']

function upstreamWith(resolve = toLoopback) {
  const transport = createSocketTransport({ policy, resolve })
  return createUpstream({ transport, policy, clock: impatientClock(), random, timeoutMs: 1_000 })
}

/** Answers `/ok`, and ends every other request in its own way once it has been read. */
async function endingBy(end: (response: ServerResponse) => void) {
  const paths: string[] = []
  const listener = await listenHttp((request, response) => {
    paths.push(request.url ?? '')
    request.resume().on('end', () => {
      if (request.url === '/ok') response.end('ok')
      else end(response)
    })
  })
  return { listener, paths }
}

describe('a pooled connection', () => {
  test('serves calls one after another, and is looked up once', async () => {
    let asked = 0
    const resolve: Resolve = async () => {
      asked += 1
      return ['127.0.0.1']
    }
    const listener = await listenHttp((_request, response) => response.end('ok'))
    const upstream = upstreamWith(resolve)
    for (let call = 0; call < 5; call += 1) {
      await upstream.perform(callTo(`http://${NAME}:${listener.port}`))
    }
    expect(listener.connections()).toBe(1)
    expect(asked).toBe(1)
    await listener.close()
  })

  test('dials the next address where the first does not answer', async () => {
    const listener = await listenHttp((_request, response) => response.end('ok'))
    const upstream = upstreamWith(async () => ['127.0.0.3', '127.0.0.1'])
    const { value } = await upstream.perform(callTo(`http://${NAME}:${listener.port}`))
    expect(value).toBe('ok')
    await listener.close()
  })
})

describe('a write on a pooled connection', () => {
  // A runtime that quietly sends it again on a new connection does a delete, or a publish, twice.
  test.each([
    ['closes it', (response: ServerResponse) => void response.destroy()],
    ['resets it', (response: ServerResponse) => void response.socket?.resetAndDestroy()],
    ['never answers', () => {}],
  ])('is sent once where the upstream %s', async (_how, end) => {
    const { listener, paths } = await endingBy(end)
    const upstream = upstreamWith()
    const at = `http://${NAME}:${listener.port}`
    const ok = callTo(at, { request: { method: 'GET', path: ['ok'] } })
    // Several free connections: one for the write, others that a resend could take.
    await Promise.all([upstream.perform(ok), upstream.perform(ok), upstream.perform(ok)])
    const write = { method: 'POST', path: ['cut'], body: 'key' } as const
    const fault = await faultOf(upstream, callTo(at, { request: write, repeatable: false }))
    expect(fault.effect).toBe('unknown')
    expect(listener.connections()).toBe(3)
    expect((await upstream.perform(ok)).value).toBe('ok')
    expect(paths.filter((path) => path === '/cut')).toHaveLength(1)
    await listener.close()
  })

  test('that can be repeated is sent again by us, and counted', async () => {
    let left = 1
    const { listener, paths } = await endingBy((response) => {
      left -= 1
      if (left < 0) response.end('second')
      else response.destroy()
    })
    const call = callTo(`http://${NAME}:${listener.port}`)
    expect(await upstreamWith().perform(call)).toMatchObject({ value: 'second', attempts: 2 })
    expect(paths).toHaveLength(2)
    await listener.close()
  })
})
