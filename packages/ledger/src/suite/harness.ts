import type { AggregateKey, Ledger, TaskQueue } from '@latchkey/core'
import { test } from 'vitest'

/** An engine under test, with what it takes to break it. */
export interface Harness {
  readonly ledger: Ledger
  /** The due work of the partition that an aggregate lives in. */
  queueOf(key: AggregateKey): TaskQueue
  /** Ends whatever holds the storage; the same storage is there under a new one. */
  restart(): Promise<void>
  /** Changes the data of a stored event behind the ledger's back. */
  tamper(subject: AggregateKey, sequence: number): Promise<void>
  /** Takes a subject's newest event out of the whole log. */
  cutOff(subject: AggregateKey): Promise<void>
  /** Makes every write of a task fail from now on, in the partition of an aggregate. */
  breakTasks(key: AggregateKey): Promise<void>
  /** Damages the data of an aggregate’s tasks. */
  damageTasks(key: AggregateKey): Promise<void>
  /** Codes of what went wrong where nobody waits for an answer, in the partition of an aggregate. */
  reported(key: AggregateKey): Promise<readonly string[]>
  close(): Promise<void>
}

export type Open = () => Promise<Harness>
export type Check = (title: string, body: (harness: Harness) => Promise<void>) => void

/** A test over storage of its own. */
export function checkWith(open: Open): Check {
  return (title, body) => {
    test(title, async () => {
      const harness = await open()
      try {
        await body(harness)
      } finally {
        await harness.close()
      }
    })
  }
}
