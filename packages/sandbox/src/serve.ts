import { createServer, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Clock } from '@latchkey/core'
import type { SandboxControl } from './control/control.ts'
import { systemClock } from './shared/clock.ts'
import { writeReply } from './socket.ts'
import { createSpaces, spacePrefix } from './spaces.ts'
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

/** Where one world is served, and the grip by which it is turned. */
export interface SandboxSpace {
  /** Without a final slash; also what `sandboxControl` takes. */
  readonly url: string
  readonly graphUrl: string
  readonly onpremUrl: string
  readonly kaleyraUrl: string
  readonly pbxUrl: string
  readonly control: SandboxControl
}

export interface Sandbox extends SandboxSpace {
  /**
   * A world apart behind the same port, for tests that run side by side. Another process gets the
   * same one by asking for `<url>/spaces/<name>`; it begins when it is first asked for.
   * @param name letters, digits, `-` and `_`; at most 64
   */
  space(name: string): SandboxSpace
  /** Ends every connection, also those kept hanging, and stops listening. */
  close(): Promise<void>
}

/** Serves the emulated upstreams over HTTP; works on Node and on Deno. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const hostname = options.hostname ?? '127.0.0.1'
  const spaces = createSpaces(options.clock ?? systemClock, options.seed ?? sampleWorld)
  const listener = getRequestListener(
    async (request, { outgoing }) => {
      const core = spaces.find(new URL(request.url).pathname)
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
  const origin = `http://${hostname}:${port}`
  const describe = (prefix: string): SandboxSpace => ({
    url: `${origin}${prefix}`,
    graphUrl: `${origin}${prefix}/graph`,
    onpremUrl: `${origin}${prefix}/onprem`,
    kaleyraUrl: `${origin}${prefix}/kaleyra`,
    pbxUrl: `${origin}${prefix}/pbx`,
    control: spaces.find(prefix).control,
  })
  return {
    ...describe(''),
    space: (name) => describe(spacePrefix(name)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
