import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BREAK_TASKS, CUT_OFF, DAMAGE_TASKS, type Harness, ledgerSuite, TAMPER } from '../suite.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

async function openHarness(): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  const path = join(folder, 'ledger.db')
  const reported: string[] = []
  const open = () => openSqliteLedger({ path, report: ({ code }) => void reported.push(code) })
  let ledger = await open()
  const meddle = (sql: string, ...values: (string | number)[]): void => {
    const db = new DatabaseSync(path)
    db.prepare(sql).run(...values)
    db.close()
  }
  return {
    get ledger() {
      return ledger
    },
    queueOf: () => ledger,
    async restart() {
      await ledger.close()
      ledger = await open()
    },
    tamper: async (subject, sequence) => meddle(TAMPER, subject.id, sequence),
    cutOff: async ({ id }) => meddle(CUT_OFF, id, id),
    breakTasks: async () => meddle(BREAK_TASKS),
    damageTasks: async ({ id }) => meddle(DAMAGE_TASKS, id),
    reported: async () => reported,
    async close() {
      await ledger.close()
      rmSync(folder, { recursive: true })
    },
  }
}

ledgerSuite('openSqliteLedger()', openHarness)
