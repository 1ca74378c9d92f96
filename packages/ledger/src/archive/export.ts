import type { SqlRow, SqlValue } from '../sql/database.ts'
import { damaged } from '../sql/columns.ts'
import type { ArchiveRows } from './database.ts'
import { fits, TABLE_NAMES, type TableName, tableOf } from './tables.ts'

/** So many rows are in memory at a time. */
const PAGE = 500

function valuesOf(row: SqlRow, table: TableName): readonly SqlValue[] {
  return Object.entries(tableOf(table).columns).map(([column, type]) => {
    const value = row[column]
    if (fits(value, type)) return value
    throw damaged(`column ${column} of ${table}`)
  })
}

async function* rowsOf(db: ArchiveRows, table: TableName): AsyncGenerator<readonly SqlValue[]> {
  const { columns, order } = tableOf(table)
  const names = Object.keys(columns)
  const select = `SELECT ${names.join(', ')} FROM ${table}`
  const sorted = `ORDER BY ${order.join(', ')} LIMIT ${PAGE}`
  const further = `WHERE (${order.join(', ')}) > (${order.map(() => '?').join(', ')})`
  let last: readonly SqlValue[] | null = null
  for (;;) {
    const from: readonly SqlValue[] = last === null ? [] : order.map(pick(names, last))
    const rows = await db.all(`${select} ${last === null ? '' : further} ${sorted}`, ...from)
    for (const row of rows) {
      last = valuesOf(row, table)
      yield last
    }
    if (rows.length < PAGE) return
  }
}

function pick(names: readonly string[], row: readonly SqlValue[]) {
  return (column: string): SqlValue => row[names.indexOf(column)] ?? null
}

/** Everything that is stored, a row on each line: the table's name, then its columns. What is sealed stays sealed. */
export async function* exportRows(db: ArchiveRows): AsyncGenerator<string> {
  for (const table of TABLE_NAMES) {
    for await (const row of rowsOf(db, table)) yield JSON.stringify([table, ...row])
  }
}

/** Whether nothing at all is stored. */
export async function isBlank(db: ArchiveRows): Promise<boolean> {
  for (const table of TABLE_NAMES) {
    if ((await db.all(`SELECT 1 FROM ${table} LIMIT 1`)).length > 0) return false
  }
  return true
}
