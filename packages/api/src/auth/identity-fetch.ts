import { Fault, type Upstream, type UpstreamResponse } from '@latchkey/core'

/** An issuer answers few and small documents; more calls than this at once are not for a good end. */
const CALLS_AT_ONCE = 4

export type IdentityFetch = (url: string) => Promise<Response>

/** Fetches an issuer's documents under the same host policy, limits and redaction as every call out. */
export function identityFetch(upstream: Upstream): IdentityFetch {
  return async (text) => {
    const url = new URL(text)
    const { value } = await upstream.perform({
      origin: { baseUrl: url.origin, hosts: { rule: 'operator' } },
      exchange: {
        repeatable: true,
        request: () => ({
          method: 'GET',
          path: url.pathname.slice(1).split('/').map(decodeURIComponent),
          query: [...url.searchParams],
          headers: { accept: 'application/json' },
        }),
        respond: (response: UpstreamResponse) => response,
      },
      input: null,
      session: null,
      lane: { key: `issuer ${url.origin}`, limit: CALLS_AT_ONCE },
    })
    if (value.status !== 200) {
      throw new Fault('upstream_rejected', 'Cannot read an issuer’s document: status is not 200')
    }
    return new Response(value.body, {
      status: 200,
      headers: { 'content-type': 'application/json' },
    })
  }
}
