import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Fault } from '@latchkey/core'
import type { SqlDatabase } from '../sql/database.ts'

/** How long a statement waits for another process; a commit holds the file for milliseconds. */
const BUSY_TIMEOUT_MS = 10_000

/**
 * SQLite's own words (`sqlite3ErrStr` in its main.c) and ours. Deno gives an error's code for statements
 * only, so the words are what both runtimes have.
 */
const REASONS: readonly (readonly [said: string, reason: string])[] = [
  ['database is locked', 'another process holds it'],
  ['attempt to write a readonly database', 'it cannot be written to'],
  ['disk I/O error', 'the disk reports an error'],
  ['database disk image is malformed', 'the file is damaged'],
  ['database or disk is full', 'the disk is full'],
  ['unable to open database file', 'the file cannot be opened'],
  ['file is not a database', 'the file is not a SQLite database'],
]

/** What went wrong, in a few words that contain none of the data. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return REASONS.find(([said]) => message.includes(said))?.[1] ?? message
}

function attempt<T>(body: () => T): T {
  try {
    return body()
  } catch (cause) {
    throw new Fault('internal', `Cannot use the database: ${reasonOf(cause)}`, { cause })
  }
}

export interface NodeDatabase extends SqlDatabase {
  close(): void
}

function configure(native: DatabaseSync): void {
  native.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  native.exec('PRAGMA journal_mode = WAL')
  native.exec('PRAGMA synchronous = FULL')
}

/** Opens a file (or `:memory:`) with durable settings; statements are prepared once. */
export function openDatabase(path: string): NodeDatabase {
  const native = new DatabaseSync(path)
  try {
    configure(native)
  } catch (error) {
    native.close()
    throw error
  }
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = native.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    all: (sql, ...values) => attempt(() => prepare(sql).all(...values)),
    run: (sql, ...values) => void attempt(() => prepare(sql).run(...values)),
    transaction(body) {
      attempt(() => native.exec('BEGIN IMMEDIATE'))
      try {
        const result = body()
        attempt(() => native.exec('COMMIT'))
        return result
      } catch (error) {
        // A full disk or an I/O error makes SQLite roll back by itself.
        if (native.isTransaction) native.exec('ROLLBACK')
        throw error
      }
    },
    close: () => native.close(),
  }
}
