import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  type ReceivedMessage,
  type ReceiverConduct,
  receiverConduct,
  SILENCE,
} from './receiver-control.ts'

interface Box {
  first: ReceiverConduct['first']
  always: ReceiverConduct['always']
  readonly received: ReceivedMessage[]
}

/** A server of webhook receivers, one below each first path segment, that answer what a test tells them to. */
export interface ReceiverServer {
  readonly url: string
  close(): Promise<void>
}

export async function startReceivers(): Promise<ReceiverServer> {
  const boxes = new Map<string, Box>()
  const server = createServer((incoming, outgoing) => void serve(boxes, incoming, outgoing))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function serve(
  boxes: Map<string, Box>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await text(incoming)
  const url = new URL(incoming.url ?? '/', 'http://receiver.test')
  const [name = '', rest] = url.pathname.slice(1).split('/')
  const box = boxes.get(name) ?? { first: [], always: { status: 204, headers: {} }, received: [] }
  boxes.set(name, box)
  if (rest === 'control') {
    if (incoming.method === 'PUT') Object.assign(box, receiverConduct.parse(JSON.parse(body)))
    outgoing.end(JSON.stringify(box.received))
    return
  }
  const { status, headers } = box.first.shift() ?? box.always
  box.received.push({ headers: headersOf(incoming), body, status })
  if (status !== SILENCE) outgoing.writeHead(status, headers).end()
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]),
  )
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('Cannot tell the port: the server does not listen on one')
}
