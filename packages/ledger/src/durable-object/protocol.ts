import {
  type AggregateKey,
  type EventQuery,
  Fault,
  type FaultCode,
  type HeadsDigest,
  type ListQuery,
  type Page,
  type ReceiptClaim,
} from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'
import type { Change } from '../sql/change.ts'
import type { StoredEvent } from '../sql/events.ts'
import type { StoredRow } from '../sql/list.ts'
import type { ReceiptRequest } from '../sql/receipts.ts'
import type { Batch } from './projection.ts'

/**
 * What an object answers. An error that is thrown across an RPC boundary arrives as a plain Error, its
 * class and code lost; so a fault is handed over as data.
 */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly code: FaultCode
      readonly message: string
      readonly retryable: boolean
    }

export function answerOf<T>(value: T): Answer<T> {
  return { ok: true, value }
}

export function answerOfFault({ code, message, retryable }: Fault): Answer<never> {
  return { ok: false, code, message, retryable }
}

/** @throws Fault the one that the answer carries */
export function valueOf<T>(given: Answer<T>): T {
  if (given.ok) return given.value
  throw new Fault(given.code, given.message, { retryable: given.retryable })
}

/** What one partition's object can be asked for. Everything in it is flat: JSON crosses as text. */
export interface LedgerStub {
  read(key: AggregateKey): Promise<Answer<StoredAggregate>>
  /** False: the aggregate is no longer at `version`, and nothing was written. */
  commit(key: AggregateKey, version: number, change: Change): Promise<Answer<boolean>>
  list(query: ListQuery): Promise<Answer<Page<StoredRow>>>
  events(query: EventQuery): Promise<Answer<Page<StoredEvent>>>
  digestHeads(upTo: number | null): Promise<Answer<HeadsDigest>>
  claimReceipt(request: ReceiptRequest): Promise<Answer<ReceiptClaim>>
  releaseReceipt(id: string, holder: string): Promise<Answer<null>>
  /** Takes in rows and events of another partition; what is known already, or older, stays. */
  project(batch: Batch): Promise<Answer<null>>
  ping(): Promise<Answer<null>>
  /** Has the object keep something, so that it stays where it was made. */
  lay(): Promise<Answer<null>>
}

/** A binding of the Durable Object class; an object's name is its partition. */
export interface LedgerNamespace {
  /** @param options `locationHint`: where the object is made, by whoever gets it first */
  getByName(name: string, options?: { readonly locationHint: string }): LedgerStub
}
