import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { listenHttp, listenTcp } from '../testing/loopback.ts'
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

describe('a connection that does not come about', () => {
  test('has no effect where the port is closed', async () => {
    const listener = await listenHttp(() => {})
    await listener.close()
    const fault = await faultOf(upstreamWith(), callTo(`http://${NAME}:${listener.port}`))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no', retryable: true })
    expect(fault.message).toContain(NAME)
  })

  test('has no effect where the name does not resolve', async () => {
    const upstream = upstreamWith(async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    })
    const fault = await faultOf(upstream, callTo(`https://${NAME}`))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no' })
  })

  test('has no effect where the resolver never answers', async () => {
    const upstream = upstreamWith(() => new Promise(() => {}))
    const fault = await faultOf(upstream, callTo(`https://${NAME}`, { attempts: 1 }))
    expect(fault).toMatchObject({ code: 'upstream_timeout', effect: 'no' })
  })

  test('has no effect where TLS never answers', async () => {
    const silent = await listenTcp(() => {})
    const call = callTo(`https://${NAME}:${silent.port}`, { attempts: 1 })
    expect(await faultOf(upstreamWith(), call)).toMatchObject({
      code: 'upstream_timeout',
      effect: 'no',
    })
    await silent.close()
  })

  test('has no effect where the port speaks plain http', async () => {
    let requests = 0
    const listener = await listenHttp(() => (requests += 1))
    const call = callTo(`https://${NAME}:${listener.port}`, { attempts: 1 })
    expect(await faultOf(upstreamWith(), call)).toMatchObject({
      code: 'upstream_unavailable',
      effect: 'no',
    })
    expect(requests).toBe(0)
    await listener.close()
  })
})
