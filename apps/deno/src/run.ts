import { type Logger, SECOND } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'
import { type Composition, compose } from './compose.ts'
import { type Environment, unknownSettings } from './environment.ts'
import { addressOf, listen } from './listen.ts'
import { pollTasks } from './poller.ts'
import { VERSION } from './version.ts'

/** How long requests and tasks under way may go on when told to stop; what is cut then is looked at after the next start. */
const DRAIN_MS = 20 * SECOND

/** A server that runs. */
export interface Running extends Composition {
  readonly url: string
  /** Takes no new requests, finishes those under way, and closes the storage. */
  stop(): Promise<void>
}

/** Starts the API and the task poller. @throws SettingError */
export async function run(env: Environment, logger: Logger): Promise<Running> {
  const address = addressOf(env)
  for (const name of unknownSettings(env)) {
    logger.log('warn', 'A variable looks like a setting and is none: it has no effect', { name })
  }
  const composition = await compose(env, {
    version: VERSION,
    logger,
    clock: systemClock,
  })
  const { app, services, queue } = composition
  const stopping = new AbortController()
  const server = listen(address, (request) => app.fetch(request))
  const polling = pollTasks(services, queue, stopping.signal)
  return {
    ...composition,
    url: `http://${address.hostname === '127.0.0.1' ? 'localhost' : address.hostname}:${server.addr.port}`,
    async stop() {
      stopping.abort()
      await Promise.race([
        Promise.all([server.shutdown(), polling]),
        services.clock.sleep(DRAIN_MS),
      ])
      await queue.close()
    },
  }
}
