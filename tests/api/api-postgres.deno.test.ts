import {
  NO_POSTGRES,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from '@latchkey/ledger/postgres-testing'
import { afterAll, beforeAll, test } from 'vitest'
import { openOver } from './harness/postgres.ts'
import { apiSuites } from './suites/all.ts'

let server: PostgresServer

if (NO_POSTGRES) {
  test.skip("the API works over Postgres (needs Postgres's initdb and postgres)", () => undefined)
} else {
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())
  apiSuites(openOver(() => server))
}
