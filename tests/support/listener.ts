import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** Something on loopback that counts who connects, and reads what they send. */
export interface Listener {
  readonly port: number
  connections(): number
  close(): Promise<void>
}

/**
 * @param onConnection by default the connection is closed at once, so that nobody learns what became of a request
 * @param host an address of loopback; 127.0.0.1
 */
export async function listen(
  onConnection: (socket: Socket) => void = (socket) => socket.destroy(),
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<Listener> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((socket) => {
    count += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client may go away whenever it likes.
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(port, host)
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
