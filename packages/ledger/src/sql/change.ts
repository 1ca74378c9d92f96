import {
  type Actor,
  type AggregateKey,
  type Decision,
  Fault,
  type Instant,
  type ReceiptDraft,
} from '@latchkey/core'
import { encodeJson } from './json.ts'

export interface EventEntry {
  readonly type: string
  readonly at: Instant
  readonly actor: Actor
  /** JSON text. */
  readonly data: string
}

export interface TaskEntry {
  readonly name: string
  readonly due: Instant | null
  /** JSON text. */
  readonly data: string
}

export interface ReceiptEntry {
  readonly id: string
  readonly holder: string
  /** JSON text; null: the receipt is taken back. */
  readonly response: string | null
}

/**
 * The part of a decision that is stored. Whatever callers made is JSON text here: it is checked before
 * a transaction or a call begins, and flat enough to cross an RPC boundary unchanged.
 */
export interface Change {
  /** JSON text; `keep`: the state stays; `bury`: a tombstone. */
  readonly state: { readonly put: string } | 'keep' | 'bury'
  /** JSON text of an object of strings; counts where a state is put. */
  readonly labels: string
  readonly events: readonly EventEntry[]
  readonly tasks: readonly TaskEntry[]
  readonly receipt: ReceiptEntry | null
}

/** The furthest that a Date reaches from the epoch (ECMAScript, "Time Values and Time Range"). */
const FURTHEST_INSTANT = 8.64e15

function instant(value: Instant, what: string): Instant {
  if (Number.isSafeInteger(value) && Math.abs(value) <= FURTHEST_INSTANT) return value
  throw new Fault('internal', `Cannot store ${what}: ${value} is not an instant`)
}

function encodeReceipt(receipt: ReceiptDraft): ReceiptEntry {
  const { id, holder, response } = receipt
  const text = response === null ? null : encodeJson(response, `the response of receipt ${id}`)
  return { id, holder, response: text }
}

function encodeState(key: AggregateKey, next: unknown): Change['state'] {
  if (next === undefined) return 'keep'
  if (next === null) return 'bury'
  return { put: encodeJson(next, `the state of ${key.id}`) }
}

/** @throws Fault internal for what is not JSON, payload_too_large for what is too long to store */
export function encodeChange(key: AggregateKey, decision: Decision<unknown, unknown>): Change {
  const { next, labels = {}, events = [], tasks = [], receipt } = decision
  return {
    state: encodeState(key, next),
    labels: encodeJson(labels, `the labels of ${key.id}`),
    events: events.map(({ type, at, actor, data }) => ({
      type,
      at: instant(at, `event ${type} of ${key.id}`),
      actor: { kind: actor.kind, id: actor.id },
      data: encodeJson(data, `the data of event ${type} of ${key.id}`),
    })),
    tasks: tasks.map(({ name, due, data = {} }) => ({
      name,
      due: due === null ? null : instant(due, `task ${name} of ${key.id}`),
      data: encodeJson(data, `the data of task ${name} of ${key.id}`),
    })),
    receipt: receipt === undefined ? null : encodeReceipt(receipt),
  }
}

/** Whether a change makes a new version of its aggregate. A receipt alone does not. */
export function makesVersion(change: Change): boolean {
  return change.state !== 'keep' || change.events.length > 0 || change.tasks.length > 0
}

export function isEmpty(change: Change): boolean {
  return !makesVersion(change) && change.receipt === null
}
