import type { SqlRow, SqlValue } from '../sql/database.ts'

/** A database within one transaction. Places of values are question marks. */
export interface ArchiveRows {
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

/** Where an engine is to go on after what was put into it. */
export interface ArchiveEnd {
  readonly position: number
  readonly latestAt: number
  readonly fence: number
}

export interface ArchiveDatabase {
  /** Shows `body` the database as of one moment. */
  read(body: (db: ArchiveRows) => Promise<void>): Promise<void>
  /** Stores all that `body` writes, or where it throws nothing. */
  write(body: (db: ArchiveRows) => Promise<void>): Promise<void>
  /** Columns that this engine alone has, with what they hold in rows that were put in. */
  readonly extra: Readonly<Partial<Record<string, Readonly<Record<string, SqlValue>>>>>
  /** Has the engine go on there. */
  goOn(db: ArchiveRows, end: ArchiveEnd): Promise<void>
  close(): Promise<void>
}
