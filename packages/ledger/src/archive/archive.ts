import { Fault } from '@latchkey/core'
import type { ArchiveDatabase } from './database.ts'
import { exportRows, isBlank } from './export.ts'
import { importRows } from './import.ts'
import { sealed, unsealed } from './lines.ts'

/**
 * Hands everything that a ledger stores to `write`, line by line, as of one moment.
 * @throws Fault not_found where nothing is stored
 */
export async function exportLedger(
  archive: ArchiveDatabase,
  write: (line: string) => Promise<void>,
): Promise<void> {
  await archive.read(async (db) => {
    if (await isBlank(db)) throw new Fault('not_found', 'Cannot export: nothing is stored there')
    for await (const line of sealed(exportRows(db))) await write(line)
  })
}

/**
 * Puts the lines of an export into an empty ledger: all of them, or none.
 * @throws Fault conflict where it is not empty; invalid_request where the lines are not whole and unaltered
 */
export async function importLedger(
  archive: ArchiveDatabase,
  lines: AsyncIterable<string>,
): Promise<void> {
  await archive.write((db) => importRows(archive, db, unsealed(lines)))
}
