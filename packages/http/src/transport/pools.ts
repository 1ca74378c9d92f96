import { SECOND, type TlsTrust } from '@latchkey/core'
import { buildConnector, Pool } from 'undici'
import { type Destination, dialTls } from './dial-tls.ts'

/**
 * Below the shortest idle time that servers commonly grant (5 s, Node's own): a write on a connection that the server
 * is just closing has an outcome that nobody knows.
 */
const IDLE_MS = 4 * SECOND
/** Several connections' lanes, of at most 64 calls each, can meet at one host. */
const SOCKETS_PER_HOST = 256
/** No call waits longer for its answer. */
const DIAL_MS = 10 * SECOND

/** The connections to one scheme, name and port, under one trust. */
export interface Connections {
  readonly pool: Pool
  /**
   * Set while a connection is on its way back: undici lends it again a turn of the event loop after its answer, and
   * who asks sooner would have another one dialed.
   */
  returning: Promise<void> | null
}

export type ConnectionsTo = (url: URL, trust: TlsTrust | undefined) => Connections

/** Pools live as long as they have connections. */
export function createPools(
  destinationOf: (url: URL) => Omit<Destination, 'signal'>,
): ConnectionsTo {
  const pools = new Map<string, Connections>()
  return (url, trust) => {
    const key = trust === undefined ? url.origin : `${url.origin} ${JSON.stringify(trust)}`
    const known = pools.get(key)
    if (known !== undefined) return known
    const destination = destinationOf(url)
    const pool = new Pool(url.origin, {
      connect: trust === undefined ? publicly(destination) : trusting(destination, trust),
      connections: SOCKETS_PER_HOST,
      keepAliveTimeout: IDLE_MS,
      // Whatever longer time a server offers.
      keepAliveMaxTimeout: IDLE_MS,
      // The caller's signal limits the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const dropUnused = () => {
      const { connected, size } = pool.stats
      if (connected > 0 || size > 0) return
      pools.delete(key)
      void pool.close()
    }
    pool.on('disconnect', dropUnused)
    pool.on('connectionError', dropUnused)
    const connections = { pool, returning: null }
    pools.set(key, connections)
    return connections
  }
}

/** Trusts the authorities that the runtime trusts, said outright, so that no variable of the environment can end it. */
function publicly({ lookup }: Omit<Destination, 'signal'>): buildConnector.connector {
  return buildConnector({ lookup, rejectUnauthorized: true, timeout: DIAL_MS })
}

/** A request does not get to see a connection before its trust was checked. */
function trusting(
  destination: Omit<Destination, 'signal'>,
  trust: TlsTrust,
): buildConnector.connector {
  return (_options, callback) => {
    const dial = async (): Promise<void> => {
      const signal = AbortSignal.timeout(DIAL_MS)
      let socket
      try {
        socket = await dialTls({ ...destination, signal }, trust)
      } catch (error) {
        callback(error instanceof Error ? error : new Error('Cannot open connection'), null)
        return
      }
      callback(null, socket)
    }
    void dial()
  }
}

/** To be called where an answer has ended. */
export function giveBack(connections: Connections): void {
  connections.returning ??= new Promise((resolve) => {
    // The pool's own turn is taken once the code that called this has returned.
    queueMicrotask(() =>
      setImmediate(() => {
        connections.returning = null
        resolve()
      }),
    )
  })
}
