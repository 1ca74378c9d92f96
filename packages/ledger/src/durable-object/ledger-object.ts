import { DurableObject } from 'cloudflare:workers'
import {
  type Again,
  type AggregateKey,
  type ClaimedTask,
  connectionPartition,
  type EventQuery,
  Fault,
  type HeadsDigest,
  type Instant,
  isFault,
  type Ledger,
  type ListQuery,
  type Page,
  type Partition,
  partitionOf,
  type ReceiptClaim,
  type TaskQueue,
} from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'
import type { Change } from '../sql/change.ts'
import type { StoredEvent } from '../sql/events.ts'
import type { StoredRow } from '../sql/list.ts'
import type { ReceiptRequest } from '../sql/receipts.ts'
import { AlarmClock } from './alarm-clock.ts'
import { coalesce } from './coalesce.ts'
import { afterTelling, localPartition, localQueue } from './local-partition.ts'
import { type GroupedWrites, groupedWrites } from './grouped-writes.ts'
import { isPublic } from './outbox.ts'
import { ledgerOver } from './partition-access.ts'
import { PartitionStore } from './partition-store.ts'
import type { Batch } from './projection.ts'
import { type Answer, answerOf, answerOfFault, type LedgerStub, valueOf } from './protocol.ts'
import { remotePartition, type RemoteOptions } from './remote-partition.ts'
import type { SeenVersions } from './seen-versions.ts'
import { sharedReads } from './shared-reads.ts'
import { storageDatabase } from './storage.ts'
import { within } from './within.ts'

export interface ObjectOptions extends RemoteOptions {
  /** Takes what went wrong where nobody waits for an answer. */
  readonly report: (error: unknown) => void
  /** Of the isolate; told what this object commits. */
  readonly versions?: SeenVersions
}

/** The platform allows an alarm 15 minutes; short turns let requests and other objects have theirs. */
const TURN_MS = 25_000
/** How long the registry may lag behind after a push that failed. */
const PUSH_RETRY_MS = 5_000
/** How long a commit of a turn waits for others: of a rotation, what is called at once is answered within milliseconds. */
const GROUP_MS = 5
/** How long a turn's read of another object waits for others that want the same. */
const SHARE_MS = 3
/** How long what is committed in a turn is gathered: what changes often is told once. */
const GATHER_MS = 500
/** How long a commit waits for the registry before it answers without it. */
const PUSH_WAIT_MS = 3_000

type ObjectState = ConstructorParameters<typeof DurableObject>[0]

function partitionOfObject(name: string | undefined): Partition {
  if (name === 'registry') return name
  if (name?.startsWith('con_') === true) return connectionPartition(name)
  throw new Fault('internal', 'Cannot serve: the object is not named after a partition')
}

/**
 * The Durable Object of one partition; its name is the partition's. A composition root extends it with
 * the bindings and with what is to be done about due tasks.
 */
export abstract class LedgerObject<Env>
  extends DurableObject<Env>
  implements LedgerStub, TaskQueue
{
  /** All of the ledger; this object's own partition without a detour. */
  protected readonly ledger: Ledger
  readonly #store: PartitionStore
  readonly #writes: GroupedWrites
  readonly #alarm: AlarmClock
  readonly #options: ObjectOptions
  readonly #push: () => Promise<void>
  /** Set while commits of a turn are being gathered. */
  #gathering: ReturnType<typeof setTimeout> | null = null

  constructor(ctx: ObjectState, env: Env, options: ObjectOptions) {
    super(ctx, env)
    const partition = partitionOfObject(ctx.id.name)
    this.#options = options
    this.#alarm = new AlarmClock(ctx.storage)
    this.#store = new PartitionStore(storageDatabase(ctx.storage), partition, {
      onWrite: () => this.#wake(),
      onVersion: ({ id }, version) => options.versions?.note(id, version),
      report: (fault) => this.#report(fault),
    })
    this.#push = coalesce(() => this.#pushBatches())
    const tell = () => this.#tellRegistry()
    this.#writes = groupedWrites(this.#store, GROUP_MS, () => this.#tellSoon())
    const local = localPartition(this.#store, this.#writes)
    const readNow = (key: AggregateKey) => remotePartition(partitionOf(key), options).read(key)
    const read = sharedReads(readNow, SHARE_MS)
    this.ledger = ledgerOver((other) =>
      other === partition
        ? local
        : afterTelling({ ...remotePartition(other, options), read }, tell),
    )
  }

  /** Does what is due: claims from `queue` until it gives nothing more. */
  protected abstract onDue(queue: TaskQueue): Promise<void>

  async read(key: AggregateKey): Promise<Answer<StoredAggregate>> {
    return this.#answer(() => this.#store.read(key))
  }

  async commit(key: AggregateKey, version: number, change: Change): Promise<Answer<boolean>> {
    const committed = await this.#answer(() => this.#store.commit(key, version, change))
    if (committed.ok && committed.value && isPublic(change)) await this.#tellRegistry()
    return committed
  }

  async list(query: ListQuery): Promise<Answer<Page<StoredRow>>> {
    return this.#answer(() => this.#store.list(query))
  }

  async events(query: EventQuery): Promise<Answer<Page<StoredEvent>>> {
    return this.#answer(() => this.#store.events(query))
  }

  async digestHeads(upTo: number | null): Promise<Answer<HeadsDigest>> {
    return this.#answer(() => this.#store.digestHeads(upTo))
  }

  async claimReceipt(request: ReceiptRequest): Promise<Answer<ReceiptClaim>> {
    return this.#answer(() => this.#store.claimReceipt(request))
  }

  async releaseReceipt(id: string, holder: string): Promise<Answer<null>> {
    return this.#answer(() => {
      this.#store.releaseReceipt(id, holder)
      return null
    })
  }

  async project(batch: Batch): Promise<Answer<null>> {
    return this.#answer(() => {
      this.#store.project(batch)
      return null
    })
  }

  /** Whether the storage answers. It also sets an alarm that should have gone off, and did not, again. */
  async ping(): Promise<Answer<null>> {
    return this.#answer(() => {
      this.#wake()
      return null
    })
  }

  async lay(): Promise<Answer<null>> {
    return this.#answer(() => {
      this.#store.lay()
      return null
    })
  }

  async claim(now: Instant, limit: number, leaseMs: number): Promise<readonly ClaimedTask[]> {
    return this.#store.claim(now, limit, leaseMs)
  }

  async extend(task: ClaimedTask, leaseUntil: Instant): Promise<boolean> {
    return this.#store.extend(task, leaseUntil)
  }

  async finish(task: ClaimedTask, again?: Again): Promise<boolean> {
    return this.#store.finish(task, again ?? null)
  }

  async nextDue(): Promise<Instant | null> {
    return this.#store.nextDue()
  }

  /**
   * A turn of work: tells the registry what it does not know yet, and does what is due. Never throws, as
   * the platform gives up on an alarm that fails too often; what goes wrong is reported and tried again.
   */
  override async alarm(): Promise<void> {
    this.#alarm.wentOff()
    const queue = localQueue(this.#store, Date.now() + TURN_MS)
    const outcomes = await Promise.allSettled([
      this.#push(),
      Promise.resolve().then(() => this.onDue(queue)),
    ])
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected')
    for (const { reason } of failures) this.#report(reason)
    this.#writes.flush()
    // A timer ends with the turn that has set it.
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    this.#gathering = null
    await this.#tellRegistry()
    try {
      this.#alarm.rest(Date.now(), this.#nextWork(), failures.length > 0)
    } catch (error) {
      this.#report(error)
    }
  }

  async #answer<T>(body: () => T | Promise<T>): Promise<Answer<T>> {
    try {
      return answerOf(await body())
    } catch (error) {
      if (!isFault(error)) throw error
      // Its cause does not cross to the caller.
      if (error.code === 'internal') this.#report(error)
      return answerOfFault(error)
    }
  }

  #report(error: unknown): void {
    try {
      this.#options.report(error)
    } catch {
      // Nothing is left to tell of a reporter that fails.
    }
  }

  #wake(): void {
    this.#alarm.wakeBy(this.#nextWork(), Date.now())
  }

  #nextWork(): Instant | null {
    const next = this.#store.nextDue()
    // One that the log has woken is due since it did, which no clock has told.
    const due = next === 0 ? Date.now() : next
    const push = this.#store.isPending() ? Date.now() + PUSH_RETRY_MS : null
    return due !== null && push !== null ? Math.min(due, push) : (due ?? push)
  }

  async #pushBatches(): Promise<void> {
    for (let full = true; full;) {
      const next = this.#store.nextBatch()
      if (next === null) return
      valueOf(await this.#options.namespace.getByName('registry').project(next.batch))
      this.#store.acknowledge(next.batch)
      full = next.full
    }
  }

  #tellSoon(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null
      void this.#tellRegistry()
    }, GATHER_MS)
  }

  /** Gives lists and the audit log a chance to show a commit before others hear of it; the alarm is behind it. */
  async #tellRegistry(): Promise<void> {
    if (!this.#store.isPending()) return
    const push = this.#push().catch((error: unknown) => this.#report(error))
    await within(PUSH_WAIT_MS, push)
  }
}
