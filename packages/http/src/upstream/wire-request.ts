import { Fault, type UpstreamOrigin, type UpstreamRequest } from '@latchkey/core'
import type { TransportRequest } from '../transport/transport.ts'
import { buildUrl } from '../url/build-url.ts'

/** A request as it goes on the wire, still without the signal that ends an attempt. */
export type WireRequest = Omit<TransportRequest, 'signal'>

/** Yeastar's PBX refuses requests without a User-Agent. */
const DEFAULT_HEADERS = { 'user-agent': 'Latchkey' }
const HEADER_NAME = /^[!#$%&'*+.^`|~\w-]+$/
/** field-vchar of RFC 9110 §5.5 with inner blanks, without the obsolete bytes above ASCII. */
const HEADER_VALUE = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/

/** @throws Fault invalid_request where a segment or header cannot be sent */
export function wireRequest(
  base: URL,
  request: UpstreamRequest,
  { tls }: Pick<UpstreamOrigin, 'tls'> = {},
): WireRequest {
  const body = request.body === undefined ? null : new TextEncoder().encode(request.body)
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => {
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw unsendable(name)
    return [name.toLowerCase(), value] as const
  })
  return {
    url: buildUrl(base, request),
    method: request.method,
    headers: {
      ...DEFAULT_HEADERS,
      ...Object.fromEntries(given),
      // Without one, a request that may have a body is sent chunked, which small servers do not take.
      ...(request.method === 'GET' && body === null
        ? {}
        : { 'content-length': String(body?.byteLength ?? 0) }),
    },
    body,
    ...(tls === undefined ? {} : { tls }),
  }
}

function unsendable(name: string): Fault {
  const shown = HEADER_NAME.test(name) ? ` "${name.toLowerCase()}"` : ''
  return new Fault(
    'invalid_request',
    `Cannot call upstream: header${shown} has a character that cannot be sent`,
  )
}
