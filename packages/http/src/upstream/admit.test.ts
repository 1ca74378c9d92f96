import type { UpstreamOrigin } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { createFetchTransport } from '../transport/fetch-transport.ts'
import type { Transport } from '../transport/transport.ts'
import { createUpstream } from './create-upstream.ts'

const tls = { pinnedFingerprint: `sha256:${'0'.repeat(64)}` }
const policy = createHostPolicy({ allowPrivate: '10.0.0.0/8', upstreamHosts: '' })
const HTTPS = 'https://pbx.example.com'

function upstreamWith(readLeaf: Transport['readLeaf']) {
  const sent: URL[] = []
  const transport: Transport = {
    async send({ url }) {
      sent.push(url)
      return new Response('ok')
    },
    readLeaf,
  }
  return { sent, upstream: createUpstream({ transport, policy, clock: impatientClock(), random }) }
}

const origin = (baseUrl: string): UpstreamOrigin => ({ baseUrl, hosts: { rule: 'operator' }, tls })
const someLeaf = async () => Uint8Array.of(1)

describe('an origin with its own trust', () => {
  test('is admitted where connections can be held to it', async () => {
    const { sent, upstream } = upstreamWith(someLeaf)
    upstream.admit(origin(HTTPS))
    await upstream.perform(callTo(HTTPS, { tls }))
    expect(sent).toHaveLength(1)
  })

  // A setting that is quietly left out would send the credentials to whomever the public authorities vouch for.
  test('is refused where they cannot, and never called without it', async () => {
    const { sent, upstream } = upstreamWith(null)
    expect(() => upstream.admit(origin(HTTPS))).toThrow(/Workers .* Deno server/)
    expect(await faultOf(upstream, callTo(HTTPS, { tls }))).toMatchObject({
      code: 'invalid_request',
      effect: 'no',
    })
    expect(sent).toEqual([])
    expect(upstream.servedCertificate).toBe(null)
  })

  test('is refused over plain http', async () => {
    const { sent, upstream } = upstreamWith(someLeaf)
    const baseUrl = 'http://10.0.0.1'
    expect(() => upstream.admit(origin(baseUrl))).toThrow('plain http')
    expect(await faultOf(upstream, callTo(baseUrl, { tls }))).toMatchObject({
      code: 'invalid_request',
    })
    expect(sent).toEqual([])
  })

  test('is not sent to by fetch(), should it ever come that far', async () => {
    let asked = 0
    const transport = createFetchTransport({
      policy,
      fetch: async () => {
        asked += 1
        return new Response()
      },
    })
    const { signal } = new AbortController()
    const request = { url: new URL(HTTPS), method: 'GET', headers: {}, body: null, signal }
    await expect(transport.send({ ...request, tls })).rejects.toMatchObject({ code: 'internal' })
    await transport.send(request)
    expect(asked).toBe(1)
  })
})
