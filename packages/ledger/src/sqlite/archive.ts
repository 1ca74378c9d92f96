import type { ArchiveDatabase, ArchiveRows } from '../archive/database.ts'
import { type NodeDatabase, openDatabase } from './database.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

async function within(db: NodeDatabase, begin: string, body: () => Promise<void>): Promise<void> {
  db.run(begin)
  try {
    await body()
    db.run('COMMIT')
  } catch (error) {
    if (db.isOpen()) db.run('ROLLBACK')
    throw error
  }
}

/** The file of a ledger, to be copied as a whole. @throws Fault internal as `openSqliteLedger()` does */
export async function openSqliteArchive(path: string): Promise<ArchiveDatabase> {
  await (await openSqliteLedger({ path })).close()
  const db = openDatabase(path)
  const rows: ArchiveRows = { all: async (sql, ...values) => db.all(sql, ...values) }
  return {
    read: (body) => within(db, 'BEGIN', () => body(rows)),
    write: (body) => within(db, 'BEGIN IMMEDIATE', () => body(rows)),
    extra: {},
    async goOn(_, { fence }) {
      db.run(`UPDATE counters SET value = ? WHERE name = 'fence'`, fence)
    },
    close: async () => db.close(),
  }
}
