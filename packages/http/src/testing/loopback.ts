import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'

/** A listener on loopback that counts who came. */
export interface Listener {
  readonly port: number
  connections(): number
  close(): Promise<void>
}

export interface ListenOptions {
  readonly host?: string
  readonly port?: number
}

export function listenHttp(handler: RequestListener, options?: ListenOptions): Promise<Listener> {
  return start(createHttpServer(handler), options)
}

export function listenHttps(
  tls: { readonly key: string; readonly cert: string },
  handler: RequestListener,
): Promise<Listener> {
  return start(createHttpsServer(tls, handler))
}

/** A raw TCP server, for answers that no HTTP server would give. */
export function listenTcp(handler: (socket: Socket) => void): Promise<Listener> {
  return start(createTcpServer(handler))
}

async function start(server: Server | TcpServer, options: ListenOptions = {}): Promise<Listener> {
  const sockets = new Set<Socket>()
  let count = 0
  server.on('connection', (socket: Socket) => {
    count += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that goes away in the middle is what these tests are about.
    socket.on('error', () => {})
  })
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot listen on TCP')
  return {
    port: address.port,
    connections: () => count,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
