import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createKeyRing } from '@latchkey/crypto'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { whyLost } from './opening.ts'
import { fillPool } from './spares.ts'

const DATABASE = 'latchkey.db'

/** Finds the state of a ring's key by its fingerprint; null where there is none. */
export function storedKeys(disk: DatabaseSync): (fingerprint: string) => unknown {
  const find = disk.prepare(
    `SELECT a.state AS state FROM labels l JOIN aggregates a ON a.kind = l.kind AND a.id = l.id
     WHERE l.kind = 'key' AND l.name = 'fingerprint' AND l.value = ? AND a.state IS NOT NULL`,
  )
  return (fingerprint) => JSON.parse(String(find.get(fingerprint)?.['state'] ?? 'null')) as unknown
}

/**
 * Those of the keys whose private half cannot be had from what a program left in its folder, with why. Nothing of the
 * program is asked: it may be dead.
 */
export async function lostKeys(folder: string, pems: Iterable<string>): Promise<readonly string[]> {
  const { sealer } = await createKeyRing(JSON.parse(HARNESS_ENV.LATCHKEY_KEYS))
  const disk = new DatabaseSync(join(folder, DATABASE), { readOnly: true })
  const lost: string[] = []
  try {
    const stateOf = storedKeys(disk)
    for (const pem of new Set(pems)) {
      const why = await whyLost(sealer, pem, stateOf)
      if (why !== null) lost.push(why)
    }
    return lost
  } finally {
    disk.close()
  }
}

/** Puts as many key pairs into the pool of the program whose data is in the folder. */
export async function fillPoolOf(folder: string, size: number): Promise<void> {
  const ledger = await openSqliteLedger({ path: join(folder, DATABASE) })
  await fillPool(ledger, size)
  await ledger.close()
}

/** Lets the leases of a dead process on its tasks run out, as they do by themselves after 30 seconds. */
export function endLeases(folder: string): void {
  const disk = new DatabaseSync(join(folder, DATABASE))
  disk.exec('UPDATE tasks SET ready_at = due')
  disk.close()
}
