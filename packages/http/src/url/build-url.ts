import { Fault, type UpstreamRequest } from '@latchkey/core'
import { encodeSegment } from './segment.ts'

/**
 * The URL of a request: its segments below the base URL's path, its query as
 * `application/x-www-form-urlencoded` (WHATWG URL §5.2).
 * @throws Fault invalid_request where a segment cannot be sent as one
 */
export function buildUrl(base: URL, request: Pick<UpstreamRequest, 'path' | 'query'>): URL {
  const below = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  const path = below + request.path.map(encodeSegment).join('/')
  const { origin } = base
  const url = new URL(origin + path + queryOf(request))
  // What the parser changed, it understood otherwise than we did.
  if (url.origin !== origin || url.pathname !== path) {
    throw new Fault('invalid_request', 'Cannot build upstream URL: its path does not stay as it is')
  }
  return url
}

function queryOf({ query = [] }: Pick<UpstreamRequest, 'query'>): string {
  if (query.length === 0) return ''
  return `?${new URLSearchParams(query.map(([name, value]) => [name, value])).toString()}`
}
