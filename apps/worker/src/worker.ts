/** The Cloudflare Worker: every request to the API, and a sweep over the objects now and then. */
import { waitUntil } from 'cloudflare:workers'
import { SettingError } from '@latchkey/core'
import { type App, compose } from './compose.ts'
import type { Env } from './env.ts'
import { reportTo } from './report.ts'
import { logger } from './services.ts'
import { sweep } from './sweep.ts'

export { LatchkeyObject } from './latchkey-object.ts'

let app: App | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      app ??= await compose(env, { defer: (work) => waitUntil(work) })
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      logger.log('error', `Cannot start: ${error.message}`)
      return new Response('Latchkey is not configured; its log says what is wrong.\n', {
        status: 500,
      })
    }
    return app.fetch(request)
  },

  async scheduled(_controller: unknown, env: Env): Promise<void> {
    await sweep(env.LEDGER, reportTo('sweep'))
  },
}
