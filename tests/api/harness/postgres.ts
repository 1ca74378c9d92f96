import type { PostgresServer } from '@latchkey/ledger/postgres-testing'
import type { OpenApi } from './harness.ts'
import { openHostHarness } from './host.ts'

/** The program as Deno runs it, over an empty database of a Postgres server. */
export function openOver(server: () => PostgresServer): OpenApi {
  return async (options = {}) => {
    const url = await server().database()
    const env = { ...options.env, DATABASE_URL: url }
    const harness = await openHostHarness({ ...options, env })
    return {
      ...harness,
      async close() {
        await harness.close()
        await server().recycle(url)
      },
    }
  }
}
