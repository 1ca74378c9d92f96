import type { Instant, Ledger, TaskQueue } from '@latchkey/core'

/** Asks for something that is not of the program, such as time or an upstream, and waits for the answer. */
export type Reach = <T>(ask: () => Promise<T>) => Promise<T>

/** Does what is due in a queue, over the ledger as whoever does it sees it. */
export type Work = (queue: TaskQueue, ledger: Ledger, reach: Reach) => Promise<void>

export interface Due {
  readonly queue: string
  readonly at: Instant
}

/** What a fleet is kept in, and where its due work is done. It outlives the program. */
export interface FleetStorage {
  /** A program begins with what is on the disk; answers the ledger that its requests see. */
  open(work: Work): Promise<Ledger>
  /** When something is due next, of each queue that has something. */
  due(): Promise<readonly Due[]>
  /** Has the work of a queue done that is due. */
  turn(queue: string): Promise<void>
  /** The program is killed. */
  kill(): Promise<void>
  /** The state of the ring's key with this fingerprint, as others than the program see it; null where there is none. */
  storedKey(fingerprint: string): Promise<unknown>
  /**
   * Lets the machine go on for a moment; whether something still moves that waits for nothing else.
   * @param again whether something still moved the last time
   */
  stir(again: boolean): Promise<boolean>
  /** What went wrong where nobody waited for an answer. */
  readonly failures: readonly unknown[]
  discard(): Promise<void>
}
