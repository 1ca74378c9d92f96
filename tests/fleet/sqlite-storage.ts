import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { storedKeys } from './disk.ts'
import type { FleetStorage, Reach, Work } from './storage.ts'

/** Memory, where there is such a disk: nothing here loses its power. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Of the event loop, in which nothing moves: then nothing will. */
const IDLE_TURNS = 3

const nothing: Work = async () => undefined
const here: Reach = (ask) => ask()

/** A database in a file. What is on the disk is seen by another connection than the program's: commits alone. */
export async function sqliteStorage(): Promise<FleetStorage> {
  const folder = mkdtempSync(join(DISK, 'latchkey-fleet-'))
  const path = join(folder, 'latchkey.db')
  let ledger = await openSqliteLedger({ path })
  let doWork = nothing
  const disk = new DatabaseSync(path, { readOnly: true })
  const find = storedKeys(disk)
  return {
    async open(work) {
      doWork = work
      return ledger
    },
    turn: () => doWork(ledger, ledger, here),
    async due() {
      const at = await ledger.nextDue()
      return at === null ? [] : [{ queue: path, at }]
    },
    async kill() {
      await ledger.close()
      ledger = await openSqliteLedger({ path })
    },
    storedKey: async (fingerprint) => find(fingerprint),
    async stir() {
      for (let turn = 0; turn < IDLE_TURNS; turn += 1) {
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
      return false
    },
    failures: [],
    async discard() {
      await ledger.close()
      disk.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
