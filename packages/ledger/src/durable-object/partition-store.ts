import {
  type Again,
  type AggregateKey,
  type ClaimedTask,
  type EventQuery,
  Fault,
  type HeadsDigest,
  type Instant,
  type ListQuery,
  type Page,
  type Partition,
  partitionOf,
  type ReceiptClaim,
} from '@latchkey/core'
import { readAggregate, type StoredAggregate } from '../sql/aggregates.ts'
import { applyChange } from '../sql/apply.ts'
import { type Change, isEmpty, makesVersion } from '../sql/change.ts'
import type { SqlDatabase } from '../sql/database.ts'
import { type Decide, decideOn } from '../sql/decide.ts'
import { digestHeads } from '../sql/digest-heads.ts'
import { listEvents } from '../sql/event-query.ts'
import type { StoredEvent } from '../sql/events.ts'
import { listRows, type StoredRow } from '../sql/list.ts'
import { isLaid, migrate } from '../sql/migrate.ts'
import { claimReceipt, type ReceiptRequest, releaseReceipt } from '../sql/receipts.ts'
import { LEDGER_SCHEMA } from '../sql/schema.ts'
import { claimTasks, extendTask, finishTask, nextDue } from '../sql/tasks.ts'
import { RecentRows } from './recent-rows.ts'
import { acknowledge, enqueue, isPending, isPublic, nextBatch, OUTBOX_SCHEMA } from './outbox.ts'
import { applyBatch, type Batch } from './projection.ts'

const NOTHING = { items: [], nextCursor: null } as const
const ABSENT: StoredAggregate = { version: 0, state: null, labels: '{}' }

export interface StoreHooks {
  /** Told in the same step as each write, of which it may be a part. */
  readonly onWrite: () => void
  /** Told of the version that a commit has made. */
  readonly onVersion: (key: AggregateKey, version: number) => void
  /** Takes what is wrong with a task that is passed over. */
  readonly report: (fault: Fault) => void
}

/**
 * Everything that one partition stores, on the SQLite of its Durable Object. Synchronous: between a read
 * and the write that rests on it nobody else can come. An object that was only asked about things that
 * do not exist lays no tables, and so leaves nothing behind.
 */
export class PartitionStore {
  readonly partition: Partition
  readonly #db: SqlDatabase
  readonly #hooks: StoreHooks
  #laid = false
  #isWriting = false
  readonly #rows = new RecentRows()
  /** Known to the registry, and not yet forgotten here: the next write does so, as one for this alone would wait for the disk. */
  #arrived: readonly Batch[] = []

  constructor(db: SqlDatabase, partition: Partition, hooks: StoreHooks) {
    this.partition = partition
    this.#db = db
    this.#hooks = hooks
  }

  /** Lays the tables where there are none. */
  lay(): void {
    if (!this.#laid) this.#lay()
  }

  #lay(): void {
    const where = `object ${this.partition}`
    migrate(this.#db, { schema: 'ledger', migrations: LEDGER_SCHEMA, where })
    migrate(this.#db, { schema: 'outbox', migrations: OUTBOX_SCHEMA, where })
    this.#laid = true
  }

  /** Whether there are tables; those that an older program left are brought up to date first. */
  #isLaid(): boolean {
    if (!this.#laid && isLaid(this.#db)) this.#lay()
    return this.#laid
  }

  #write<T>(body: (db: SqlDatabase) => T): T {
    if (this.#isWriting) return body(this.#db)
    this.lay()
    this.#isWriting = true
    try {
      const result = this.#db.transaction(() => {
        for (const batch of this.#arrived) acknowledge(this.#db, batch)
        return body(this.#db)
      })
      this.#arrived = []
      this.#hooks.onWrite()
      return result
    } catch (error) {
      this.#rows.clear()
      throw error
    } finally {
      this.#isWriting = false
    }
  }

  /** Makes one step of all that `body` writes; whatever it throws undoes all of it. */
  together<T>(body: () => T): T {
    return this.#write(body)
  }

  #read<T>(absent: T, body: (db: SqlDatabase) => T): T {
    return this.#isLaid() ? body(this.#db) : absent
  }

  #own(key: AggregateKey): void {
    const partition = partitionOf(key)
    if (partition === this.partition) return
    throw new Fault('internal', `Cannot serve ${key.id}: it lives in ${partition}`)
  }

  #apply(db: SqlDatabase, key: AggregateKey, current: StoredAggregate, change: Change): void {
    this.#rows.keep(key, applyChange(db, key, current, change))
    if (this.partition !== 'registry' && isPublic(change)) enqueue(db, key)
    if (makesVersion(change)) this.#hooks.onVersion(key, current.version + 1)
  }

  read(key: AggregateKey): StoredAggregate {
    this.#own(key)
    const known = this.#rows.get(key)
    if (known !== null) return known
    const row = this.#read(ABSENT, (db) => readAggregate(db, key))
    this.#rows.keep(key, row)
    return row
  }

  /** Decides and commits in one step; `isPublic`: the registry has to be told. */
  mutate<S, R>(key: AggregateKey, decide: Decide<S, R>): { result: R; isPublic: boolean } {
    this.#own(key)
    // Nothing can come between this read and the write: there is no await in between.
    const current = this.read(key)
    const { result, change } = decideOn(key, current, decide)
    if (!isEmpty(change)) this.#write((db) => this.#apply(db, key, current, change))
    return { result, isPublic: isPublic(change) }
  }

  /** Writes a change if the aggregate is still at `version`; false: it is not, and nothing was written. */
  commit(key: AggregateKey, version: number, change: Change): boolean {
    const current = this.read(key)
    if (current.version !== version) return false
    this.#write((db) => this.#apply(db, key, current, change))
    return true
  }

  list(query: ListQuery): Page<StoredRow> {
    return this.#read(NOTHING, (db) => listRows(db, query))
  }

  events(query: EventQuery): Page<StoredEvent> {
    return this.#read(NOTHING, (db) => listEvents(db, query))
  }

  async digestHeads(upTo: number | null): Promise<HeadsDigest> {
    // A digest of nothing is one as well, and has to be taken over a table.
    this.lay()
    return digestHeads(this.#db, upTo)
  }

  claimReceipt(request: ReceiptRequest): ReceiptClaim {
    return this.#write((db) => claimReceipt(db, this.partition, request))
  }

  releaseReceipt(id: string, holder: string): void {
    this.#write((db) => releaseReceipt(db, this.partition, id, holder))
  }

  claim(now: Instant, limit: number, leaseMs: number): readonly ClaimedTask[] {
    const due = this.nextDue()
    if (due === null || due > now) return []
    const { tasks, unreadable } = this.#write((db) => claimTasks(db, now, limit, leaseMs))
    unreadable.forEach(this.#hooks.report)
    return tasks
  }

  extend(task: ClaimedTask, leaseUntil: Instant): boolean {
    return this.#write((db) => extendTask(db, task, leaseUntil))
  }

  finish(task: ClaimedTask, again: Again | null): boolean {
    return this.#write((db) => finishTask(db, task, again))
  }

  nextDue(): Instant | null {
    return this.#read(null, nextDue)
  }

  project(batch: Batch): void {
    this.#write((db) => applyBatch(db, batch))
  }

  /** Whether the registry has something to be told. */
  isPending(): boolean {
    this.#forgetArrived()
    return this.partition !== 'registry' && this.#read(false, isPending)
  }

  nextBatch(): { batch: Batch; full: boolean } | null {
    this.#forgetArrived()
    return this.partition === 'registry'
      ? null
      : this.#read(null, (db) =>
          nextBatch(db, (key) => this.#rows.get(key) ?? readAggregate(db, key)),
        )
  }

  /** The registry has taken a batch in. Should this be lost with the object, it is told once more. */
  acknowledge(batch: Batch): void {
    this.#arrived = [...this.#arrived, batch]
  }

  #forgetArrived(): void {
    if (this.#arrived.length > 0) this.#write(() => undefined)
  }
}
