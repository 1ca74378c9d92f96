import { AGGREGATE_PREFIXES, type AggregateKey, type AggregateKind, Fault } from '@latchkey/core'
import type { SqlRow } from './database.ts'

/** What is stored is not what was written: by another program, or by a damaged disk. */
export function damaged(what: string): Fault {
  return new Fault('internal', `Cannot read the database: ${what} is damaged`)
}

export function text(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw damaged(`column ${column}`)
}

export function nullableText(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

export function integer(row: SqlRow, column: string): number {
  const value = row[column]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw damaged(`column ${column}`)
}

export function nullableInteger(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

function isKind(kind: string): kind is AggregateKind {
  return Object.hasOwn(AGGREGATE_PREFIXES, kind)
}

/** The aggregate that columns `kind` and `id` name. */
export function aggregateKey(row: SqlRow): AggregateKey {
  const kind = text(row, 'kind')
  if (!isKind(kind)) throw damaged('column kind')
  return { kind, id: text(row, 'id') }
}
