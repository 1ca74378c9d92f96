export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

/** Synchronous SQLite, as `node:sqlite` and a Durable Object's storage both offer it. */
export interface SqlDatabase {
  all(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[]
  run(sql: string, ...values: readonly SqlValue[]): void
  /** Runs `body` with the only right to write; whatever it throws undoes all of it. Does not nest. */
  transaction<T>(body: () => T): T
}

/** The first row of a query, or null. */
export function first(db: SqlDatabase, sql: string, ...values: readonly SqlValue[]): SqlRow | null {
  return db.all(sql, ...values)[0] ?? null
}
