import { partitionOf } from '@latchkey/core'
import { abortAllDurableObjects, reset } from 'cloudflare:test'
import { BREAK_TASKS, CUT_OFF, type Harness, ledgerSuite, TAMPER } from '../suite.ts'
import { execute, openLedger, queueOf } from './testing.ts'

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
    close: () => reset(),
  }
}

ledgerSuite('durableObjectLedger()', openHarness)
