import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import { readVectors } from '../../vectors/files.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where outside vectors are, each by the name of its file; 404 on a machine that has none. */
    vectorsUrl: string
  }
}

/** There are no files inside workerd, and what is provided to tests has to be small: vectors come by HTTP. */
export default async function serveVectors(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const text = readVectors((request.url ?? '').replace(/^.*\//, ''))
    response.writeHead(text === null ? 404 : 200).end(text)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('Cannot serve vectors: no port')
  project.provide('vectorsUrl', `http://127.0.0.1:${address.port}`)
  return async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}
