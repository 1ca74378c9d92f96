/** `pnpm serve`: the API alone, as in production. */
import { batchLines, jsonLogger, systemClock } from '@latchkey/platform'
import { main, printLog } from './main.ts'
import { run } from './run.ts'

const lines = batchLines(printLog)
// However it ends: of its own, or by what nobody caught.
for (const end of ['unload', 'error', 'unhandledrejection']) addEventListener(end, lines.flush)

await main(async () => {
  const logger = jsonLogger(systemClock, lines.add)
  const running = await run(Deno.env.toObject(), logger)
  logger.log('info', 'Latchkey serves', { url: running.url })
  return running
})
