/** `pnpm serve`: the API alone, as in production. */
import { jsonLogger, systemClock } from '@latchkey/platform'
import { main, printLog } from './main.ts'
import { run } from './run.ts'

await main(async () => {
  const logger = jsonLogger(systemClock, printLog)
  const running = await run(Deno.env.toObject(), logger)
  logger.log('info', 'Latchkey serves', { url: running.url })
  return running
})
