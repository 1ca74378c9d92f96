import { type Fault, type Ledger, type TaskQueue } from '@latchkey/core'
import { decodeEvents } from '../sql/events.ts'
import { decodeState } from '../sql/json.ts'
import { decodeRows } from '../sql/list.ts'
import { readAggregate } from './aggregates.ts'
import { digestHeads } from './digest-heads.ts'
import { listEvents } from './event-query.ts'
import { faultOf } from './failure.ts'
import { listRows } from './list.ts'
import { migrate } from './migrate.ts'
import { mutate } from './mutate.ts'
import { persist } from './persist.ts'
import { openPool, type PgPool } from './pool.ts'
import { claimReceipt, releaseReceipt } from './receipts.ts'
import { POSTGRES_SCHEMA } from './schema.ts'
import { claimTasks, extendTask, finishTask, nextDue } from './tasks.ts'
import { turns } from './turns.ts'

function ledgerOver(pool: PgPool, report: (fault: Fault) => void): Ledger & TaskQueue {
  // Writers of one host wait for each other here instead of undoing each other's work.
  const inTurn = turns()
  return {
    mutate: (key, decide) => inTurn(`${key.kind} ${key.id}`, () => mutate(pool, key, decide)),
    async read(key) {
      const { state, version } = await persist(() => readAggregate(pool, key))
      return state === null ? null : { state: decodeState(state), version }
    },
    list: async (query) => decodeRows(await persist(() => listRows(pool, query))),
    events: async (query) => decodeEvents(await persist(() => listEvents(pool, query))),
    digestHeads: (upTo) => digestHeads(pool, upTo),
    claimReceipt: (partition, receipt) => claimReceipt(pool, partition, receipt),
    releaseReceipt: (partition, id, holder) =>
      persist(() => releaseReceipt(pool, partition, id, holder)),
    async ping() {
      // Asked once: who asks wants to know how it is now.
      await pool.all(`SELECT 1 FROM ledger_schemas`).catch((cause: unknown) => {
        throw faultOf(cause)
      })
    },
    close: () => pool.close(),
    async claim(now, limit, leaseMs) {
      const due = await persist(() => nextDue(pool))
      if (due === null || due > now) return []
      const claim = await persist(() => claimTasks(pool, now, limit, leaseMs))
      claim.unreadable.forEach(report)
      return claim.tasks
    },
    extend: (task, leaseUntil) => persist(() => extendTask(pool, task, leaseUntil)),
    finish: (task, again) => persist(() => finishTask(pool, task, again ?? null)),
    nextDue: () => persist(() => nextDue(pool)),
  }
}

/**
 * Opens the ledger of any number of hosts on a Postgres database, whose tables it makes where there are none. Every
 * commit is as durable as the server's settings make it before it is answered.
 *
 * @throws Fault internal where the database cannot be reached, is another program's, or one of a newer program. It
 * names neither the address nor the user
 */
export async function openPostgresLedger(options: {
  readonly url: string
  /** Takes what is wrong with a task that is passed over. */
  readonly report?: (fault: Fault) => void
}): Promise<Ledger & TaskQueue> {
  const pool = openPool(options.url)
  try {
    await persist(() => migrate(pool, POSTGRES_SCHEMA))
  } catch (error) {
    await pool.close()
    throw error
  }
  return ledgerOver(pool, options.report ?? (() => undefined))
}
