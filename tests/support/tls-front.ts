import { once } from 'node:events'
import { type RequestListener, request } from 'node:http'
import { createServer } from 'node:https'

/** An upstream of the sandbox with TLS in front. */
export interface Front {
  readonly baseUrl: string
  readonly port: number
  /** Requests that came through. */
  requests(): number
  close(): Promise<void>
}

/**
 * @param certificate PEM of the key, and of the certificates from the leaf on
 * @param port where an earlier one was; any that is free, where left out
 */
export async function putInFront(
  of: string,
  { key, cert }: { readonly key: string; readonly cert: string },
  port = 0,
): Promise<Front> {
  let requests = 0
  const target = new URL(of)
  const pass: RequestListener = (incoming, outgoing) => {
    requests += 1
    const { method, headers, url = '' } = incoming
    const { hostname } = target
    const onward = request({
      hostname,
      port: target.port,
      method,
      headers,
      path: target.pathname + url,
    })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  }
  const server = createServer({ key, cert }, pass).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot listen on TCP')
  return {
    port: address.port,
    baseUrl: `https://127.0.0.1:${address.port}`,
    requests: () => requests,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
