import { Fault } from '@latchkey/core'
import type { SqlValue } from '../sql/database.ts'
import { connectionOf, eventFrom } from '../sql/events.ts'
import { decodeStrings } from '../sql/json.ts'
import type { ArchiveDatabase, ArchiveEnd, ArchiveRows } from './database.ts'
import { isBlank } from './export.ts'
import { requireChains } from './chains.ts'
import { fits, isTableName, type TableName, tableOf } from './tables.ts'

/** Rows of one statement. With the columns of each that is far below what an engine takes. */
const AT_ONCE = 50

type Row = Readonly<Record<string, SqlValue>>

interface Entry {
  readonly table: TableName
  readonly row: Row
}

function refused(line: number, why: string): Fault {
  return new Fault('invalid_request', `Cannot import: row ${line} ${why}`)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function parse(line: string, number: number): Entry {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    throw refused(number, 'is not JSON')
  }
  const [table, ...values] = isList(parsed) ? parsed : []
  if (!isTableName(table)) throw refused(number, 'is of a kind that this program does not know')
  const columns = Object.entries(tableOf(table).columns)
  const row: Record<string, SqlValue> = {}
  for (const [index, [column, type]] of columns.entries()) {
    const value = values[index]
    if (!fits(value, type)) throw refused(number, `has something else for ${column} of ${table}`)
    row[column] = value
  }
  if (values.length !== columns.length) throw refused(number, `has too many columns for ${table}`)
  return { table, row }
}

async function insert(db: ArchiveRows, table: string, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE)
    const columns = Object.keys(some[0] ?? {})
    const places = `(${columns.map(() => '?').join(', ')})`
    await db.all(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${some.map(() => places).join(', ')}`,
      ...some.flatMap((row) => columns.map((column) => row[column] ?? null)),
    )
  }
}

function labelsOf(row: Row): readonly Row[] {
  const labels = decodeStrings(String(row['labels']), 'the labels of a row')
  const { kind = null, id = null } = row
  return Object.entries(labels).map(([name, value]) => ({ kind, name, value, id }))
}

/**
 * Puts in what `exportRows()` gave, in order, and has the engine go on from there. Each chain of events is held to its
 * hashes as it comes in.
 *
 * @throws Fault conflict where something is stored already; invalid_request for rows that are none of ours, and for a
 * chain that was changed
 */
export async function importRows(
  { extra, goOn }: Pick<ArchiveDatabase, 'extra' | 'goOn'>,
  db: ArchiveRows,
  lines: AsyncIterable<string>,
): Promise<void> {
  if (!(await isBlank(db))) {
    throw new Fault('conflict', 'Cannot import: the ledger is not empty')
  }
  let end: ArchiveEnd = { position: 0, latestAt: Number.MIN_SAFE_INTEGER, fence: 0 }
  let number = 0
  let batch: Row[] = []
  let of: TableName = 'aggregates'

  const flush = async (): Promise<void> => {
    if (of === 'events') await requireChains(db, batch.map(eventFrom))
    await insert(db, of, batch)
    if (of === 'aggregates') await insert(db, 'labels', batch.flatMap(labelsOf))
    batch = []
  }
  const complete = ({ table, row }: Entry): Row => {
    const own = { ...row, ...extra[table] }
    if (table === 'tasks') {
      end = { ...end, fence: Math.max(end.fence, Number(row['fence'])) }
      return own
    }
    if (table !== 'events') return own
    const position = Number(row['position'])
    if (position <= end.position) throw refused(number, 'is not later than the one before')
    end = { ...end, position, latestAt: Math.max(end.latestAt, Number(row['at'])) }
    return { ...own, connection: connectionOf(String(row['subject'])), latest_at: end.latestAt }
  }
  for await (const line of lines) {
    number += 1
    const entry = parse(line, number)
    if (entry.table !== of || batch.length === AT_ONCE) await flush()
    of = entry.table
    batch.push(complete(entry))
  }
  await flush()
  await goOn(db, end)
}
