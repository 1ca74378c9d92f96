import type { Instant } from '@latchkey/core'
import type { ObjectStorage } from './storage.ts'

/** So that work which stays due, though a turn did nothing about it, does not spin. */
const PAUSE_BETWEEN_TURNS_MS = 100
/** An alarm this late was lost: the platform starts one within seconds. */
const STUCK_AFTER_MS = 60_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

/**
 * The one alarm of an object. It may go off too early, which does nothing, but never too late: it is only
 * ever moved forward, and set in the same step as the write that needs it (an object's writes up to its
 * next `await` reach the disk together, its alarm among them).
 */
export class AlarmClock {
  readonly #storage: Pick<ObjectStorage, 'setAlarm'>
  /** Null: unknown, as in an object that has just started. */
  #setTo: Instant | null = null
  #failures = 0

  constructor(storage: Pick<ObjectStorage, 'setAlarm'>) {
    this.#storage = storage
  }

  /** Makes sure that the alarm goes off at `at`, or earlier. */
  wakeBy(at: Instant | null, now: Instant): void {
    if (at === null) return
    const stuck = this.#setTo !== null && this.#setTo < now - STUCK_AFTER_MS
    if (this.#setTo === null || stuck || at < this.#setTo) this.#set(at)
  }

  /** The alarm has gone off: none is set. */
  wentOff(): void {
    this.#setTo = null
  }

  /** Ends the alarm's turn; after a failed one the next waits longer each time. */
  rest(now: Instant, next: Instant | null, failed: boolean): void {
    this.#failures = failed ? this.#failures + 1 : 0
    if (next === null) return
    const retry = FIRST_RETRY_MS * 2 ** (this.#failures - 1)
    const pause = failed ? Math.min(retry, LONGEST_RETRY_MS) : PAUSE_BETWEEN_TURNS_MS
    this.#set(Math.max(next, now + pause))
  }

  #set(at: Instant): void {
    this.#setTo = at
    // A write that fails resets the object, and the caller's answer is held back until it is safe.
    void this.#storage.setAlarm(at)
  }
}
