import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { HostPolicy } from '../policy/host-policy.ts'
import { decodeContent } from './decode-content.ts'
import { checkedLookup, type Resolve, systemResolve } from './resolve.ts'
import { socketFailure } from './socket-failure.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

export interface SocketTransportOptions {
  readonly policy: HostPolicy
  readonly resolve?: Resolve
}

/**
 * Below the shortest idle time that servers commonly grant (5 s, Node's own): a write on a connection that the server
 * is just closing has an outcome that nobody knows.
 */
const IDLE_MS = 4_000
/** Several connections' lanes, of at most 64 calls each, can meet at one host. */
const SOCKETS_PER_HOST = 256
const POOL = { keepAlive: true, timeout: IDLE_MS, maxSockets: SOCKETS_PER_HOST }

/**
 * The transport of Deno and Node: `node:http` and `node:https` with a lookup that checks. A pooled connection was
 * checked when it was dialed, and is shared only by requests to the same scheme, name and port. TLS verifies the
 * certificate for the name, whatever address was dialed.
 */
export function createSocketTransport(options: SocketTransportOptions): Transport {
  const { policy, resolve = systemResolve } = options
  const plain = new HttpAgent(POOL)
  // Said outright, so that no variable of the environment can switch it off.
  const secure = new HttpsAgent({ ...POOL, rejectUnauthorized: true })
  return async (request) => {
    // Sockets do not look up a literal address: it is checked here.
    policy.route(request.url)
    const { url, method, headers, signal } = request
    const lookup = checkedLookup(policy, url, resolve)
    // Answers are small; what is not compressed cannot be a bomb.
    const init = { method, headers: { 'accept-encoding': 'identity', ...headers }, signal, lookup }
    const outgoing =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...init, agent: secure })
        : httpRequest(url, { ...init, agent: plain })
    return exchange(outgoing, request)
  }
}

function exchange(outgoing: ClientRequest, request: TransportRequest): Promise<TransportResponse> {
  let sent = false
  let sockets = 0
  outgoing.on('socket', (socket) => {
    sockets += 1
    if (sockets > 1) {
      // Deno sends a request once more, a POST too, when a reused connection ends without an answer
      // (denoland/deno#36786). Whether to send again is decided above, where it is known to be harmless.
      outgoing.destroy(socketFailure(null, true))
      return
    }
    const ready = request.url.protocol === 'https:' ? 'secureConnect' : 'connect'
    if (outgoing.reusedSocket) sent = true
    else socket.once(ready, () => (sent = true))
  })
  return new Promise((resolve, reject) => {
    // It stays for the life of the request: an error without a listener would end the process.
    outgoing.on('error', (error) => reject(socketFailure(error, sent)))
    outgoing.on('response', (incoming) => {
      try {
        resolve(responseOf(incoming))
      } catch (error) {
        incoming.destroy()
        reject(socketFailure(error, true))
      }
    })
    outgoing.end(request.body ?? undefined)
  })
}

function responseOf(incoming: IncomingMessage): TransportResponse {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return {
    status: incoming.statusCode ?? 0,
    headers,
    body: decodeContent(incoming),
  }
}
