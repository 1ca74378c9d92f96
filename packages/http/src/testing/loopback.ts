import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls'
import { codeOf } from '../redact/safe-cause.ts'

const POLL_MS = 5

/** A listener on loopback that counts who came. */
export interface Listener {
  readonly port: number
  connections(): number
  /** How many of them are still there. */
  open(): number
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

/** What came over TLS, to the byte. */
export interface TlsListener extends Listener {
  /** Everything that was decrypted, of all connections. */
  received(): string
  /** How many connections went on with a session of an earlier one. */
  resumed(): number
  /** From the next connection on; tickets of earlier ones still hold. */
  show(certificate: Certificate): void
  /** Asks for another handshake on every connection that is there, as TLS 1.2 lets a server; why none came about. */
  renegotiate(): Promise<readonly string[]>
}

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A TLS server that answers `ok` to whatever request, on the same connection. */
export async function listenTls(
  certificate: Certificate,
  options: TlsOptions = {},
  where?: ListenOptions,
): Promise<TlsListener> {
  let received = ''
  let resumed = 0
  const secured = new Set<TLSSocket>()
  const server = createTlsServer({ ...options, ...certificate }, (socket: TLSSocket) => {
    if (socket.isSessionReused()) resumed += 1
    secured.add(socket)
    socket.on('close', () => secured.delete(socket))
    socket.on('error', () => {})
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      received += text
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  return {
    ...(await start(server, where)),
    received: () => received,
    resumed: () => resumed,
    show: (next) => server.setSecureContext(next),
    renegotiate: () => Promise.all(Array.from(secured, refusedHandshake)),
  }
}

function refusedHandshake(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => resolve(codeOf(error) ?? 'unknown'))
    const asked = socket.renegotiate({}, () => {
      reject(new Error('Cannot refuse: it was renegotiated'))
    })
    if (asked !== true) resolve('it cannot be asked for')
  })
}

/** Waits until something holds; as long as the test may take. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS)
    })
  }
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
    open: () => sockets.size,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
