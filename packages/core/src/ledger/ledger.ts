import type { Instant } from '../instant.ts'
import type { AggregateKey, AggregateKind, Partition } from './keys.ts'

/** Anything that JSON can say; what a state, an event or a task carries. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export interface Snapshot<S> {
  readonly state: S
  /** 1 for the first commit, one more for each later one. */
  readonly version: number
}

/** Who asked for a change. */
export interface Actor {
  readonly kind: 'token' | 'jwt' | 'trigger' | 'webhook' | 'schedule' | 'system'
  readonly id: string
}

export interface EventDraft {
  readonly type: string
  readonly at: Instant
  readonly actor: Actor
  readonly data: JsonObject
}

/** An entry of the audit log; its hash covers everything else in it and the hash of the one before. */
export interface Event extends EventDraft {
  readonly id: string
  /** The aggregate's id. */
  readonly subject: string
  /** 1 for the subject's first event. */
  readonly sequence: number
  readonly hash: string
  /** Null for the first event of a subject. */
  readonly previousHash: string | null
}

/**
 * Work that must follow. An aggregate has at most one task of a name: a later draft replaces it
 * (its fence grows, so that whoever holds the old one cannot finish the new one), `due: null` removes it.
 */
export interface TaskDraft {
  readonly name: string
  readonly due: Instant | null
  readonly data?: JsonObject
}

export interface ClaimedTask {
  readonly subject: AggregateKey
  readonly name: string
  readonly due: Instant
  readonly data: JsonObject
  /** Grows with every claim; only the newest holder can finish. */
  readonly fence: number
  /** How often it has been claimed since it last got done what it was to do, this time included. */
  readonly attempts: number
}

/** What answered a request that carried an Idempotency-Key: stored with the effect, replayed later. */
export interface StoredResponse {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface ReceiptDraft {
  readonly id: string
  /** The token that the claim of this receipt was given. */
  readonly holder: string
  /** Null: what it answers for is undone, and the request may be tried again; nothing happens where it was lost. */
  readonly response: StoredResponse | null
}

export interface ReadOptions {
  /** `bounded`: it may be as it was a minute ago, where that is sooner to be had. Left out: as it is. */
  readonly consistency?: 'strong' | 'bounded' | undefined
}

/** What `decide` makes of the present state. Everything in it is committed in one atomic step, or nothing. */
export interface Decision<S, R> {
  readonly result: R
  /** Left out: the state stays. Null: a tombstone (reads as absent, its events and id stay). */
  readonly next?: S | null
  /** Columns that lists filter by; given with every `next` that is not null. */
  readonly labels?: { readonly [name: string]: string }
  readonly events?: readonly EventDraft[]
  readonly tasks?: readonly TaskDraft[]
  /** Completes a claimed receipt, or takes it back, in the same step. */
  readonly receipt?: ReceiptDraft
}

export interface ListQuery {
  readonly kind: AggregateKind
  /** All must match the labels of the row. */
  readonly where?: { readonly [name: string]: string }
  /** Only rows that live in, or are, these connections. */
  readonly connections?: readonly string[]
  /** Rows of this connection alone, with every commit that was answered before. */
  readonly within?: string
  readonly limit: number
  /** An id; rows after it. */
  readonly cursor?: string
}

export interface Row<S> {
  readonly id: string
  readonly version: number
  readonly state: S
}

export interface EventQuery {
  readonly subject?: string
  readonly type?: string
  /** Exclusive: an event id, or an instant. */
  readonly after?: string | Instant
  /** Only subjects that live in, or are, these connections. */
  readonly connections?: readonly string[]
  readonly limit: number
  readonly cursor?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export type ReceiptClaim =
  | { readonly outcome: 'claimed'; readonly holder: string }
  | { readonly outcome: 'replay'; readonly response: StoredResponse }
  | { readonly outcome: 'in_flight' }
  | { readonly outcome: 'mismatch' }

/** The head of one subject's chain. */
export interface ChainHead {
  readonly subject: string
  readonly sequence: number
  readonly hash: string
}

/** Every chain of the log in one value, as of a point in the order of arrival. */
export interface HeadsDigest {
  readonly upTo: number
  readonly subjects: number
  readonly digest: string
}

/**
 * The one port to storage. `decide` is pure and synchronous: an engine may run it more than once
 * against newer states. It may throw a Fault, which changes nothing and reaches the caller.
 */
export interface Ledger {
  mutate<S, R>(
    key: AggregateKey,
    decide: (state: S | null, version: number) => Decision<S, R>,
  ): Promise<R>
  read<S>(key: AggregateKey, options?: ReadOptions): Promise<Snapshot<S> | null>
  /**
   * Rows of one kind by ascending id. On Workers this reads the registry's projection of the labels, unless the query
   * keeps to what is `within` one connection.
   */
  list<S>(query: ListQuery): Promise<Page<Row<S>>>
  /** Events in the order in which they arrived. */
  events(query: EventQuery): Promise<Page<Event>>
  /**
   * The lower-case hex of SHA-256 over one line `<subject> <sequence> <hash>\n` for each subject's head, by ascending
   * subject: of all events (null), or of those that had arrived up to a point that an earlier call named.
   */
  digestHeads(upTo: number | null): Promise<HeadsDigest>
  claimReceipt(
    partition: Partition,
    receipt: {
      readonly id: string
      readonly digest: string
      readonly now: Instant
      readonly leaseMs: number
      readonly keepMs: number
    },
  ): Promise<ReceiptClaim>
  /** Gives a claimed receipt back, so that the request may be tried again. */
  releaseReceipt(partition: Partition, id: string, holder: string): Promise<void>
  /** Throws where the storage does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** When a task is to run again: at a time, and as soon as an event has arrived after this one, whichever is first. */
export interface Wake {
  readonly at: Instant
  /** The id of an event that the task's partition knows; all later ones that it gets to know count. */
  readonly after: string
}

/** A task that failed is to be tried again then. */
export interface Retry {
  readonly retryAt: Instant
}

/** When a task is due again. What is not a retry is a turn of its own, whose attempts are counted anew. */
export type Again = Instant | Wake | Retry

/** Due work. Each engine runs its own: the poller of a host, or the alarm of one object for its partition. */
export interface TaskQueue {
  /** Takes due tasks for `leaseMs`; nobody else gets them before that, or ever with the same fence. */
  claim(now: Instant, limit: number, leaseMs: number): Promise<readonly ClaimedTask[]>
  /** Keeps a task that is being worked on from everybody else until then. False: another owner has it now. */
  extend(task: ClaimedTask, leaseUntil: Instant): Promise<boolean>
  /** Ends a task, or says when it is due again. False: another owner has it now, or it was replaced. */
  finish(task: ClaimedTask, again?: Again): Promise<boolean>
  /** When the next task is due, a lease's end included, 0 where the log has woken one; null where there is none. */
  nextDue(): Promise<Instant | null>
}
