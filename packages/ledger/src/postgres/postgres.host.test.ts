import postgres from 'postgres'
import { afterAll, beforeAll, test } from 'vitest'
import { CUT_OFF, DAMAGE_TASKS, type Harness, ledgerSuite, TAMPER } from '../suite.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { NO_POSTGRES, type PostgresServer, startPostgres, STARTING_MS } from './testing.ts'

let server: PostgresServer

/** SQLite's placeholders, in Postgres's words. */
function numbered(sql: string): string {
  let place = 0
  return sql.replaceAll('?', () => `$${(place += 1)}`)
}

const BREAK_TASKS = [
  `CREATE FUNCTION refuse() RETURNS trigger AS $$
   BEGIN RAISE 'the disk reports an error'; END $$ LANGUAGE plpgsql`,
  `CREATE TRIGGER broken BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()`,
]

async function openHarness(): Promise<Harness> {
  const url = await server.database()
  const reported: string[] = []
  const open = () => openPostgresLedger({ url, report: ({ code }) => void reported.push(code) })
  let ledger = await open()
  const meddle = async (sql: string, ...values: (string | number)[]): Promise<void> => {
    const db = postgres(url, { max: 1 })
    await db.unsafe(numbered(sql), values)
    await db.end()
  }
  return {
    get ledger() {
      return ledger
    },
    queueOf: () => ledger,
    async restart() {
      await ledger.close()
      ledger = await open()
    },
    tamper: async (subject, sequence) => meddle(TAMPER, subject.id, sequence),
    cutOff: async ({ id }) => meddle(CUT_OFF, id, id),
    async breakTasks() {
      for (const sql of BREAK_TASKS) await meddle(sql)
    },
    damageTasks: async ({ id }) => meddle(DAMAGE_TASKS, id),
    reported: async () => reported,
    close: () => ledger.close(),
  }
}

if (NO_POSTGRES) {
  test.skip("a ledger in Postgres passes the suite (needs Postgres's initdb and postgres)", () =>
    undefined)
} else {
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())
  ledgerSuite('openPostgresLedger()', openHarness)
}
