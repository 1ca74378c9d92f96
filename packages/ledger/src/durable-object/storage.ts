import type { SqlDatabase, SqlRow, SqlValue } from '../sql/database.ts'
import { attempt } from '../sql/failure.ts'

/** As much of a SQLite-backed Durable Object's storage as a partition needs. */
export interface ObjectStorage {
  readonly sql: {
    exec(query: string, ...bindings: SqlValue[]): { toArray(): SqlRow[] }
  }
  transactionSync<T>(closure: () => T): T
  setAlarm(at: number): Promise<void>
}

/** The SQLite of a Durable Object. Its one thread is the only writer there can be. */
export function storageDatabase(storage: ObjectStorage): SqlDatabase {
  // The cursor is read to its end: a statement runs only as far as it is read.
  const all: SqlDatabase['all'] = (sql, ...values) =>
    attempt(() => storage.sql.exec(sql, ...values).toArray())
  return {
    all,
    run: (sql, ...values) => void all(sql, ...values),
    transaction: (body) => storage.transactionSync(body),
  }
}
