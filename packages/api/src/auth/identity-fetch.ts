import { Fault, type Upstream, type UpstreamResponse } from '@latchkey/core'

/** An issuer answers few and small documents; more calls than this at once are not for a good end. */
const CALLS_AT_ONCE = 4
/** A caller waits for this: one more try, for a connection that was cut off, is all. */
const ATTEMPTS = 2

/** Reads one JSON document. */
export type IdentityFetch = (url: string) => Promise<unknown>

/** Fetches an issuer's documents under the same host policy, limits and redaction as every call out. */
export function identityFetch(upstream: Upstream): IdentityFetch {
  return async (text) => {
    const url = new URL(text)
    const { value } = await upstream.perform<null, unknown>({
      origin: { baseUrl: url.origin, hosts: { rule: 'operator' } },
      exchange: {
        repeatable: true,
        request: () => ({
          method: 'GET',
          path: url.pathname.slice(1).split('/').map(decodeURIComponent),
          query: [...url.searchParams],
          headers: { accept: 'application/json' },
        }),
        respond: documentOf,
      },
      input: null,
      session: null,
      lane: { key: `issuer ${url.origin}`, limit: CALLS_AT_ONCE },
      attempts: ATTEMPTS,
    })
    return value
  }
}

function documentOf({ status, body }: UpstreamResponse): unknown {
  if (status !== 200) {
    throw new Fault('upstream_rejected', 'Cannot read an issuer’s document: status is not 200')
  }
  const document: unknown = JSON.parse(body)
  return document
}
