import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type IssuerConduct, issuerConduct, type IssuerReads } from './issuer-control.ts'

interface Tenant {
  readonly conduct: IssuerConduct
  readonly reads: { metadata: number; keys: number }
}

/** A server of OpenID issuers, one below each first path segment, that say what a test tells them to. */
export interface IssuerServer {
  readonly url: string
  close(): Promise<void>
}

export async function startIssuers(): Promise<IssuerServer> {
  const tenants = new Map<string, Tenant>()
  const server = createServer((incoming, outgoing) => void serve(tenants, incoming, outgoing))
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
  tenants: Map<string, Tenant>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const document = await answer(tenants, incoming)
    if (document === null) incoming.socket.destroy()
    else outgoing.end(JSON.stringify(document))
  } catch {
    outgoing.writeHead(400).end()
  }
}

/** What a request is answered; null where the issuer is out of reach. */
async function answer(
  tenants: Map<string, Tenant>,
  incoming: IncomingMessage,
): Promise<IssuerConduct['metadata'] | IssuerReads | null> {
  const url = new URL(incoming.url ?? '/', 'http://issuer.test')
  const [name = '', ...rest] = url.pathname.slice(1).split('/')
  const path = rest.join('/')
  if (incoming.method === 'PUT') {
    const conduct = issuerConduct.parse(JSON.parse(await text(incoming)))
    tenants.set(name, { conduct, reads: { metadata: 0, keys: 0 } })
    return {}
  }
  const tenant = tenants.get(name)
  if (tenant === undefined) throw new Error('Cannot answer: no such issuer')
  const { conduct, reads } = tenant
  if (path === 'control') return reads
  if (conduct.down) return null
  if (path === '.well-known/openid-configuration') {
    reads.metadata += 1
    return conduct.metadata
  }
  reads.keys += 1
  return conduct.jwks
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('Cannot tell the port: the server does not listen on one')
}
