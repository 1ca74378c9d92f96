import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createFetchTransport } from './fetch-transport.ts'

const policy = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })

function upstreamOver(fetch: typeof globalThis.fetch) {
  const transport = createFetchTransport({ policy, fetch })
  return createUpstream({ transport, policy, clock: impatientClock(), random })
}

describe('createFetchTransport()', () => {
  test('follows no redirect and takes nothing from a cache', async () => {
    const inits: (RequestInit | undefined)[] = []
    const upstream = upstreamOver(async (_url, init) => {
      inits.push(init)
      return new Response('ok')
    })
    await upstream.perform(callTo('https://pbx.example.com'))
    expect(inits).toHaveLength(1)
    expect(inits[0]).toMatchObject({ redirect: 'manual', cache: 'no-store' })
  })

  test.each([
    ['an announced length', { 'content-length': '5' }],
    ['none', {}],
    ['a length before decoding', { 'content-length': '5', 'content-encoding': 'gzip' }],
  ])('reads a body with %s', async (_what, headers) => {
    const upstream = upstreamOver(async () => new Response('grün', { headers }))
    const { value } = await upstream.perform(callTo('https://pbx.example.com'))
    expect(value).toBe('grün')
  })

  // A timeout at Cloudflare's edge looks like an answer of the upstream's.
  test.each([
    [521, 'no'],
    [523, 'no'],
    [525, 'no'],
    [526, 'no'],
    [530, 'no'],
    [520, 'unknown'],
    [522, 'unknown'],
    [524, 'unknown'],
  ])('takes status %i of the edge for no answer', async (status, effect) => {
    const headers = { server: 'cloudflare' }
    const upstream = upstreamOver(async () => new Response('<html>', { status, headers }))
    const fault = await faultOf(upstream, callTo('https://pbx.example.com', { attempts: 1 }))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect })
  })

  test('leaves such a status of anybody else to the provider', async () => {
    const upstream = upstreamOver(async () => new Response('busy', { status: 521 }))
    const outcome = await upstream.perform(callTo('https://pbx.example.com'))
    expect(outcome).toMatchObject({ value: 'busy', status: 521 })
  })

  test('lets nothing of what the runtime throws out unredacted', async () => {
    const upstream = upstreamOver(async () => {
      throw new TypeError('fetch failed for https://pbx.example.com/?access_token=secret')
    })
    const fault = await faultOf(upstream, callTo('https://pbx.example.com', { attempts: 1 }))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'unknown' })
    expect(JSON.stringify([fault.message, fault.cause])).not.toContain('secret')
  })
})
