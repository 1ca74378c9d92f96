import { Fault } from '@latchkey/core'
import type { HostPolicy } from '../policy/host-policy.ts'
import { safeCause } from '../redact/safe-cause.ts'
import {
  type Transport,
  TransportFailure,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts'

export interface FetchTransportOptions {
  readonly policy: HostPolicy
  readonly fetch?: typeof globalThis.fetch
}

/**
 * Statuses with which Cloudflare's edge answers a Worker's `fetch()` in place of an upstream that it could not reach:
 * refused, unreachable, TLS failed, certificate invalid, no such name. No byte of the request arrived.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const EDGE_UNREACHABLE: ReadonlySet<number> = new Set([521, 523, 525, 526, 530])
/** The same, where the request may have arrived: empty answer, connection timed out, no answer in time. */
const EDGE_INTERRUPTED: ReadonlySet<number> = new Set([520, 522, 524])
/** Bytes of a body that are read at once: far below the cap. */
const SHORT_MAX = 64 * 1024

/**
 * The transport of Cloudflare Workers: the runtime's `fetch()`. It names no address to dial, so only literal
 * addresses and names are checked here; what a name resolves to is filtered by the runtime, which by default reaches
 * publicly routable addresses alone and treats a name without one as not existing (workerd.capnp, struct `Network`).
 * `wrangler dev` lifts that filter: a local Worker reaches private addresses by name, and is not for others to use.
 * Names that may resolve to allowed ranges alone are refused, for nothing could hold them to it.
 *
 * Not for Deno, whose `fetch()` may send a request twice (denoland/deno#35610) and checks no address.
 */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { policy, fetch: send = globalThis.fetch } = options
  const call = async (request: TransportRequest): Promise<TransportResponse> => {
    const route = policy.route(request.url)
    if (route.kind === 'name' && route.ground === 'allowed only') {
      throw new Fault(
        'invalid_request',
        'Cannot use base URL: plain http and private names need a literal address on this runtime',
      )
    }
    // Told when the origin was admitted; to go on without it would be to trust somebody else.
    if (request.tls !== undefined) throw new Fault('internal', 'Cannot call upstream: tls is set')
    const { method, headers, body, signal } = request
    try {
      // A cached answer would be believed to be the upstream's present state.
      const init = { method, headers, body, signal, redirect: 'manual', cache: 'no-store' } as const
      return taken(edgeChecked(await send(request.url, init)))
    } catch (error) {
      if (error instanceof TransportFailure) throw error
      // The runtime does not tell whether it had sent anything.
      throw new TransportFailure('interrupted', 'the connection failed', {
        sent: true,
        cause: safeCause(error),
      })
    }
  }
  return { send: call, readLeaf: null }
}

function edgeChecked(response: Response): Response {
  if (response.headers.get('server')?.toLowerCase() !== 'cloudflare') return response
  if (EDGE_UNREACHABLE.has(response.status)) {
    throw new TransportFailure('unreachable', 'the edge could not connect', { sent: false })
  }
  if (EDGE_INTERRUPTED.has(response.status)) {
    throw new TransportFailure('interrupted', 'the edge got no answer', { sent: true })
  }
  return response
}

/** The answer, a short body of it in one piece: workerd takes longer to hand on a stream's parts than to make them one. */
function taken(response: Response): TransportResponse {
  const { status, headers, body } = response
  return body !== null && isShort(headers) ? { status, headers, body: whole(response) } : response
}

/** As the server announces it and the runtime holds it to (RFC 9112 §6.3), unless it is decoded to another length. */
function isShort(headers: Headers): boolean {
  const length = headers.get('content-length')
  return length !== null && Number(length) <= SHORT_MAX && !headers.has('content-encoding')
}

async function* whole(response: Response): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(await response.arrayBuffer())
}
