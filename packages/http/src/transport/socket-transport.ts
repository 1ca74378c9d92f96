import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { bareHost, type HostPolicy } from '../policy/host-policy.ts'
import { decodeContent } from './decode-content.ts'
import { type Destination, dialTls, leafOf } from './dial-tls.ts'
import { checkedLookup, type Resolve, systemResolve } from './resolve.ts'
import { socketFailure } from './socket-failure.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'
import { TrustAgent } from './trust-agent.ts'

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
const HTTPS_PORT = 443
const POOL = { keepAlive: true, timeout: IDLE_MS, maxSockets: SOCKETS_PER_HOST }

/**
 * The transport of Deno and Node: `node:http` and `node:https` with a lookup that checks. A pooled connection was
 * checked when it was dialed, and is shared only by requests to the same scheme, name and port, under the same trust.
 * TLS verifies the certificate for the name, whatever address was dialed.
 */
export function createSocketTransport(options: SocketTransportOptions): Transport {
  const { policy, resolve = systemResolve } = options
  const plain = new HttpAgent(POOL)
  // Said outright, so that no variable of the environment can switch it off.
  const secure = new HttpsAgent({ ...POOL, rejectUnauthorized: true })
  const trusting = new TrustAgent({ ...POOL, rejectUnauthorized: true })

  const destinationOf = (url: URL, signal: AbortSignal): Destination => {
    // Sockets do not look up a literal address: it is checked here.
    policy.route(url)
    const port = url.port === '' ? HTTPS_PORT : Number(url.port)
    return { host: bareHost(url), port, lookup: checkedLookup(policy, url, resolve), signal }
  }

  const request = ({ url, method, headers, signal, tls }: TransportRequest): ClientRequest => {
    const destination = destinationOf(url, signal)
    const { lookup } = destination
    // Answers are small; what is not compressed cannot be a bomb.
    const init = { method, headers: { 'accept-encoding': 'identity', ...headers }, signal, lookup }
    if (url.protocol !== 'https:') return httpRequest(url, { ...init, agent: plain })
    if (tls === undefined) return httpsRequest(url, { ...init, agent: secure })
    const trusted = { ...init, agent: trusting, destination, trust: tls }
    return httpsRequest(url, trusted)
  }

  return {
    send: async (given) => exchange(request(given), given),
    async readLeaf(url, signal) {
      const socket = await dialTls(destinationOf(url, signal), null)
      try {
        return leafOf(socket)
      } finally {
        socket.destroy()
      }
    },
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
      outgoing.destroy(socketFailure(null, { sent: true }))
      return
    }
    const ready = request.url.protocol === 'https:' ? 'secureConnect' : 'connect'
    // Under its own trust a connection is handed over when it stands.
    if (outgoing.reusedSocket || request.tls !== undefined) sent = true
    else socket.once(ready, () => (sent = true))
  })
  return new Promise((resolve, reject) => {
    // It stays for the life of the request: an error without a listener would end the process.
    outgoing.on('error', (error) => reject(socketFailure(error, { sent })))
    outgoing.on('response', (incoming) => {
      try {
        resolve(responseOf(incoming))
      } catch (error) {
        incoming.destroy()
        reject(socketFailure(error, { sent: true }))
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
