import type { PostgresServer } from '@latchkey/ledger/postgres-testing'
import type { OpenApi } from './harness.ts'
import { openHostHarness } from './host.ts'

const CONNECTIONS = 3

/** The program as Deno runs it, over an empty database of a Postgres server. */
export function openOver(server: () => PostgresServer): OpenApi {
  return async (options = {}) => {
    const url = await server().database()
    // Most of what a test costs would be connections that it needs once.
    const env = { ...options.env, DATABASE_URL: `${url}?max=${CONNECTIONS}` }
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
