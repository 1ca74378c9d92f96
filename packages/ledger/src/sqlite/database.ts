import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { SqlDatabase } from '../sql/database.ts'
import { attempt } from '../sql/failure.ts'

/** How long a statement waits for another process; a commit holds the file for milliseconds. */
const BUSY_TIMEOUT_MS = 10_000

export interface NodeDatabase extends SqlDatabase {
  /** Runs `body` inside a transaction, so that it can be undone by itself; undoes it where it throws. */
  part(body: () => void): void
  /** Whether a transaction is open: a full disk makes SQLite end it by itself. */
  isOpen(): boolean
  close(): void
}

function configure(native: DatabaseSync): void {
  native.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  native.exec('PRAGMA journal_mode = WAL')
  native.exec('PRAGMA synchronous = FULL')
  // What is erased is a sealed key as often as not: it is not to lie about in free space until that is used again.
  native.exec('PRAGMA secure_delete = ON')
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
    part(body) {
      attempt(() => native.exec('SAVEPOINT part'))
      try {
        body()
        attempt(() => native.exec('RELEASE part'))
      } catch (error) {
        if (native.isTransaction) native.exec('ROLLBACK TO part; RELEASE part')
        throw error
      }
    },
    isOpen: () => native.isTransaction,
    close: () => native.close(),
  }
}
