import { bareHost, type HostPolicy } from '../policy/host-policy.ts'
import { type Destination, dialTls, leafOf } from './dial-tls.ts'
import { dispatch } from './dispatch.ts'
import { createPools } from './pools.ts'
import { checkedLookup, type Resolve, systemResolve } from './resolve.ts'
import type { Transport } from './transport.ts'

export interface SocketTransportOptions {
  readonly policy: HostPolicy
  readonly resolve?: Resolve
}

const HTTPS_PORT = 443

/**
 * The transport of Deno and Node: undici's HTTP/1.1 over sockets with a lookup that checks. A pooled connection was
 * checked when it was dialed, and is shared only by requests to the same scheme, name and port, under the same trust.
 * TLS verifies the certificate for the name, whatever address was dialed.
 */
export function createSocketTransport(options: SocketTransportOptions): Transport {
  const { policy, resolve = systemResolve } = options

  const destinationOf = (url: URL): Omit<Destination, 'signal'> => {
    // Sockets do not look up a literal address: it is checked here.
    policy.route(url)
    const port = url.port === '' ? HTTPS_PORT : Number(url.port)
    return { host: bareHost(url), port, lookup: checkedLookup(policy, url, resolve) }
  }
  const connectionsTo = createPools(destinationOf)

  return {
    async send(request) {
      return dispatch(connectionsTo(request.url, request.tls), request)
    },
    async readLeaf(url, signal) {
      const socket = await dialTls({ ...destinationOf(url), signal }, null)
      try {
        return leafOf(socket)
      } finally {
        socket.destroy()
      }
    },
  }
}
