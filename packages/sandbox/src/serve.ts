import { createServer, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Clock } from '@latchkey/core'
import type { SandboxControl } from './control/control.ts'
import { createSandboxCore } from './core.ts'
import { systemClock } from './shared/clock.ts'
import { writeReply } from './socket.ts'
import { sampleWorld, type World } from './world.ts'

export interface SandboxOptions {
  /** 0, the default, takes any port that is free. */
  readonly port?: number
  /** 127.0.0.1 by default. */
  readonly hostname?: string
  readonly clock?: Clock
  /** What it holds at the start; `sampleWorld` by default. */
  readonly seed?: World
}

export interface Sandbox {
  /** Its origin, without a final slash; also what `sandboxControl` takes. */
  readonly url: string
  readonly graphUrl: string
  readonly onpremUrl: string
  readonly kaleyraUrl: string
  readonly control: SandboxControl
  /** Ends every connection, also those kept hanging, and stops listening. */
  close(): Promise<void>
}

/** Serves the emulated upstreams over HTTP; works on Node and on Deno. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const hostname = options.hostname ?? '127.0.0.1'
  const core = createSandboxCore(options.clock ?? systemClock, options.seed ?? sampleWorld)
  const listener = getRequestListener(
    async (request, { outgoing }) => {
      const reply = await core.handle(request)
      if (outgoing instanceof ServerResponse) await writeReply(outgoing, reply, core.clock)
      return RESPONSE_ALREADY_SENT
    },
    {
      overrideGlobalObjects: false,
      errorHandler: () => new Response('The sandbox itself failed', { status: 500 }),
    },
  )
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, hostname, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const url = `http://${hostname}:${port}`
  return {
    url,
    graphUrl: `${url}/graph`,
    onpremUrl: `${url}/onprem`,
    kaleyraUrl: `${url}/kaleyra`,
    control: core.control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
