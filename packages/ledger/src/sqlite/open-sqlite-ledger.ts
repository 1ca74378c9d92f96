import { Fault, type Instant, isFault, type Ledger, type TaskQueue } from '@latchkey/core'
import { readAggregate } from '../sql/aggregates.ts'
import { applyChange } from '../sql/apply.ts'
import { isEmpty } from '../sql/change.ts'
import { first, type SqlDatabase } from '../sql/database.ts'
import { decideOn } from '../sql/decide.ts'
import { listEvents } from '../sql/event-query.ts'
import { decodeEvents } from '../sql/events.ts'
import { digestHeads } from '../sql/digest-heads.ts'
import { isLocked, reasonOf } from '../sql/failure.ts'
import { decodeRows, listRows } from '../sql/list.ts'
import { isLaid, migrate } from '../sql/migrate.ts'
import { claimReceipt, releaseReceipt } from '../sql/receipts.ts'
import { LEDGER_SCHEMA } from '../sql/schema.ts'
import { claimTasks, extendTask, finishTask, nextDue } from '../sql/tasks.ts'
import { type NodeDatabase, openDatabase } from './database.ts'
import { prepareFile } from './file.ts'
import { groupCommit, type GroupCommit, spaced } from './group-commit.ts'
import { rememberReads } from './remembered-reads.ts'

const IN_MEMORY = ':memory:'
/** A fleet's rotation commits some 500 times a second otherwise, and then does little else. */
const GROUP_MS = 4
/** Together as long as a statement waits. */
const OPEN_TRIES = 400
const OPEN_PAUSE_MS = 25

function lay(db: SqlDatabase, where: string): void {
  const foreign = !isLaid(db) && first(db, `SELECT 1 FROM sqlite_schema`) !== null
  if (foreign) throw new Fault('internal', `Cannot open ${where}: it is another program's database`)
  migrate(db, { schema: 'ledger', migrations: LEDGER_SCHEMA, where })
}

/**
 * Where two processes open a new file at once, SQLite does not let the second wait while the first makes it a
 * WAL file, whatever its busy timeout (https://sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY").
 */
async function open(path: string): Promise<NodeDatabase> {
  for (let left = OPEN_TRIES; ; left -= 1) {
    try {
      if (path !== IN_MEMORY) prepareFile(path)
      return openDatabase(path)
    } catch (cause) {
      if (!isLocked(cause) || left === 0) {
        throw new Fault('internal', `Cannot open ${path}: ${reasonOf(cause)}`, { cause })
      }
      await new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MS))
    }
  }
}

function ledgerOver(
  db: NodeDatabase,
  group: GroupCommit,
  { report = () => undefined, now: clock = Date.now }: Pick<SqliteOptions, 'report' | 'now'>,
): Ledger & TaskQueue {
  const reads = rememberReads(db, clock)
  return {
    mutate: (key, decide) =>
      group.commit(() => {
        const current = readAggregate(db, key)
        const { result, change } = decideOn(key, current, decide)
        if (!isEmpty(change)) {
          reads.forget(key)
          applyChange(db, key, current, change)
        }
        return result
      }),
    read: async (key, options) => reads.read(key, options),
    list: async (query) => decodeRows(listRows(db, query)),
    events: async (query) => decodeEvents(listEvents(db, query)),
    digestHeads: (upTo) => digestHeads(db, upTo),
    claimReceipt: async (partition, receipt) =>
      db.transaction(() => claimReceipt(db, partition, receipt)),
    releaseReceipt: async (partition, id, holder) => releaseReceipt(db, partition, id, holder),
    async ping() {
      db.all(`SELECT 1 FROM ledger_schemas`)
    },
    async close() {
      group.flush()
      db.close()
    },
    async claim(now, limit, leaseMs) {
      // A poller asks often: where nothing is due it must not ask for the right to write.
      const due = nextDue(db)
      if (due === null || due > now) return []
      const claim = db.transaction(() => claimTasks(db, now, limit, leaseMs))
      claim.unreadable.forEach(report)
      return claim.tasks
    },
    extend: (task, leaseUntil) => group.commit(() => extendTask(db, task, leaseUntil)),
    finish: async (task, again) => db.transaction(() => finishTask(db, task, again ?? null)),
    nextDue: async () => nextDue(db),
  }
}

export interface SqliteOptions {
  readonly path: string
  /** Takes what is wrong with a task that is passed over. */
  readonly report?: (fault: Fault) => void
  /** By which bounded reads grow old; the machine's clock, if left out. */
  readonly now?: () => Instant
}

/**
 * Opens the ledger of one machine on a SQLite file, which other processes may share; `:memory:` keeps it
 * in this process alone. Every commit is on the disk before it is answered.
 *
 * @throws Fault internal where the path holds no database of ours, or one of a newer program
 */
export async function openSqliteLedger(options: SqliteOptions): Promise<Ledger & TaskQueue> {
  const db = await open(options.path)
  try {
    lay(db, options.path)
  } catch (cause) {
    db.close()
    if (isFault(cause) && cause.cause === undefined) throw cause
    const reason = isFault(cause) ? reasonOf(cause.cause) : reasonOf(cause)
    throw new Fault('internal', `Cannot open ${options.path}: ${reason}`, { cause })
  }
  // Where there is no disk to wait for, nothing is gained by waiting for others.
  const group = groupCommit(db, options.path === IN_MEMORY ? queueMicrotask : spaced(GROUP_MS))
  return ledgerOver(db, group, options)
}
