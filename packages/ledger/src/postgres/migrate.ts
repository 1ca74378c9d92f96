import { Fault } from '@latchkey/core'
import { integer, text } from '../sql/columns.ts'
import type { Migration } from '../sql/migrate.ts'
import { isCode } from './failure.ts'
import { pause } from './persist.ts'
import type { PgQueries } from './pool.ts'
import { TABLES } from './schema.ts'

const SCHEMA = 'ledger'
const MARK = 'ledger_schemas'
/** Two hosts that make the first table at once meet in the catalog, which `IF NOT EXISTS` does not keep from failing. */
const MADE_MEANWHILE = ['23505', '42710', '42P07']
const MARK_ATTEMPTS = 5

function cannotOpen(why: string): Fault {
  return new Fault('internal', `Cannot open the Postgres database: ${why}`)
}

async function layMark(db: PgQueries): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.all(
        `CREATE TABLE IF NOT EXISTS ${MARK} (name TEXT PRIMARY KEY, version BIGINT NOT NULL)`,
      )
      break
    } catch (error) {
      if (attempt === MARK_ATTEMPTS || !isCode(error, ...MADE_MEANWHILE)) throw error
    }
    await pause(attempt)
  }
  await db.all(
    `INSERT INTO ${MARK} (name, version) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`,
    SCHEMA,
  )
}

async function isForeign(db: PgQueries): Promise<boolean> {
  const found = await db.all(
    `SELECT 1 FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_name = ANY ($1::text[]) LIMIT 1`,
    TABLES,
  )
  return found.length > 0
}

async function versionOf(db: PgQueries, newest: number): Promise<number> {
  const [row] = await db.all(`SELECT version FROM ${MARK} WHERE name = $1`, SCHEMA)
  const version = row === undefined ? 0 : integer(row, 'version')
  if (version <= newest) return version
  throw cannotOpen(`its ${SCHEMA} schema is version ${version}, this program knows up to ${newest}`)
}

/** All steps that are missing as one statement. Whoever comes second waits for the row, and finds nothing left to do. */
function block(migrations: readonly Migration[]): string {
  const steps = migrations.map(
    (step, index) => `IF found <= ${index} THEN ${step.join('; ')}; END IF;`,
  )
  return `DO $block$ DECLARE found BIGINT; BEGIN
    SELECT version INTO found FROM ${MARK} WHERE name = '${SCHEMA}' FOR UPDATE;
    ${steps.join('\n')}
    UPDATE ${MARK} SET version = greatest(version, ${migrations.length}) WHERE name = '${SCHEMA}';
  END $block$`
}

/**
 * Brings the tables up to the newest version, in one step or not at all, however many hosts start together. Forward only.
 *
 * @throws Fault internal where a newer program has changed them already, for tables that are not ours, and where texts
 * are not kept in UTF-8
 */
export async function migrate(db: PgQueries, migrations: readonly Migration[]): Promise<void> {
  const [row] = await db.all(`SELECT current_setting('server_encoding') AS encoding`)
  if (row !== undefined && text(row, 'encoding').replace('-', '').toUpperCase() !== 'UTF8') {
    throw cannotOpen('its encoding is not UTF8')
  }
  await layMark(db)
  // Looked at before the version: tables that another host has made meanwhile come with their mark.
  const foreign = await isForeign(db)
  const version = await versionOf(db, migrations.length)
  if (version === 0 && foreign) throw cannotOpen("it has another program's tables")
  if (version < migrations.length) await db.all(block(migrations))
  await versionOf(db, migrations.length)
}
