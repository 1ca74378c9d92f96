import { isFault } from '@latchkey/core'
import type { ArchiveDatabase, ArchiveRows } from '../archive/database.ts'
import { faultOf } from './failure.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { TABLES } from './schema.ts'
import { connect, type Connections, queriesOn } from './pool.ts'

/** Question marks as Postgres numbers them; none of our statements has one in a text. */
function numbered(sql: string): string {
  let place = 0
  return sql.replaceAll('?', () => `$${(place += 1)}`)
}

/** The database of a ledger, to be copied as a whole. @throws Fault internal as `openPostgresLedger()` does */
export async function openPostgresArchive(url: string): Promise<ArchiveDatabase> {
  await (await openPostgresLedger({ url })).close()
  const sql: Connections = connect(url)
  const within = async (mode: string, body: (db: ArchiveRows) => Promise<void>): Promise<void> => {
    try {
      await sql.begin(`isolation level ${mode}`, async (own) => {
        const queries = queriesOn(own)
        await body({ all: (text, ...values) => queries.all(numbered(text), ...values) })
      })
    } catch (error) {
      throw isFault(error) ? error : faultOf(error)
    }
  }
  return {
    read: (body) => within('repeatable read read only', body),
    write: (body) =>
      within('read committed', async (db) => {
        // Nobody commits events meanwhile.
        await db.all(`SELECT position FROM log WHERE name = 'end' FOR UPDATE`)
        await body(db)
      }),
    extra: { aggregates: { writer: 'import' } },
    async goOn(db, { position, latestAt, fence }) {
      await db.all(`UPDATE log SET position = ?, latest_at = ?`, position, latestAt)
      await db.all(`SELECT setval('task_fences', ?)`, Math.max(fence, 1))
      // The planner is told at once how much there is, rather than whenever it looks next.
      await db.all(`ANALYZE ${TABLES.join(', ')}`)
    },
    close: () => sql.end(),
  }
}
