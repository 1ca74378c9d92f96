import { Fault } from '@latchkey/core'
import { integer } from './columns.ts'
import { first, type SqlDatabase } from './database.ts'

/** The statements that lead from one version of a schema to the next. */
export type Migration = readonly string[]

/**
 * Brings one schema of a database up to the newest version, in one step or not at all. Forward only.
 *
 * @throws Fault internal where a newer program has already changed the database
 */
export function migrate(
  db: SqlDatabase,
  options: {
    readonly schema: string
    readonly migrations: readonly Migration[]
    /** The database, as it is to be named in a message. */
    readonly where: string
  },
): void {
  const { schema, migrations, where } = options
  const newest = migrations.length
  db.transaction(() => {
    db.run(
      `CREATE TABLE IF NOT EXISTS ledger_schemas (
        name TEXT PRIMARY KEY, version INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    )
    const row = first(db, `SELECT version FROM ledger_schemas WHERE name = ?`, schema)
    const version = row === null ? 0 : integer(row, 'version')
    if (version > newest) {
      throw new Fault(
        'internal',
        `Cannot open ${where}: its ${schema} schema is version ${version}, this program knows up to ${newest}`,
      )
    }
    if (version === newest) return
    for (const step of migrations.slice(version)) for (const statement of step) db.run(statement)
    db.run(
      `INSERT INTO ledger_schemas (name, version) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version`,
      schema,
      newest,
    )
  })
}

/** Whether any schema of ours has been laid. */
export function isLaid(db: SqlDatabase): boolean {
  return first(db, `SELECT 1 FROM sqlite_schema WHERE name = 'ledger_schemas'`) !== null
}
