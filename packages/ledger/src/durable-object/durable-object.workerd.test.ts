import { isFault, partitionOf } from '@latchkey/core'
import { abortAllDurableObjects, reset } from 'cloudflare:test'
import { BREAK_TASKS, CUT_OFF, DAMAGE_TASKS, type Harness, ledgerSuite, TAMPER } from '../suite.ts'
import { execute, inside, openLedger, queueOf } from './testing.ts'

async function openHarness(): Promise<Harness> {
  let ledger = openLedger()
  return {
    get ledger() {
      return ledger
    },
    queueOf,
    async restart() {
      await abortAllDurableObjects()
      ledger = openLedger()
    },
    async tamper(subject, sequence) {
      await execute(partitionOf(subject), TAMPER, subject.id, sequence)
    },
    async cutOff({ id }) {
      await execute('registry', CUT_OFF, id, id)
    },
    async breakTasks(key) {
      await execute(partitionOf(key), BREAK_TASKS)
    },
    async damageTasks(key) {
      await execute(partitionOf(key), DAMAGE_TASKS, key.id)
    },
    reported: (key) =>
      inside(partitionOf(key), ({ reports }) =>
        reports.map((each) => (isFault(each) ? each.code : 'unknown')),
      ),
    close: () => reset(),
  }
}

ledgerSuite('durableObjectLedger()', openHarness)
