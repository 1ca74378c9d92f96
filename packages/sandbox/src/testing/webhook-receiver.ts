import { createServer } from 'node:http'

export interface Received {
  readonly method: string
  readonly query: URLSearchParams
  readonly signature: string | undefined
  readonly body: string
}

/** An address for webhooks: confirms itself by this token, and answers deliveries with the statuses in turn, then 200. */
export async function startReceiver(verifyToken: string, statuses: number[] = []) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url ?? '/', 'http://receiver')
    const { method = '' } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const signature = request.headers['x-hub-signature-256']
      received.push({
        method,
        query,
        signature: typeof signature === 'string' ? signature : undefined,
        body: Buffer.concat(chunks).toString(),
      })
      if (method === 'GET') {
        const known = query.get('hub.verify_token') === verifyToken
        response.writeHead(known ? 200 : 403).end(known ? query.get('hub.challenge') : '')
        return
      }
      response.writeHead(statuses.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    deliveries: () => received.filter(({ method }) => method === 'POST'),
    greetings: () => received.filter(({ method }) => method === 'GET'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
