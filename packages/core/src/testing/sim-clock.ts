import type { Instant } from '../instant.ts'
import type { Clock } from '../ports.ts'

interface Sleeper {
  at: Instant
  wake(): void
}

/** More than any chain of promises between two sleeps is long. */
const MICROTASKS = 200

/** Lets every promise go on that waits for nothing but other promises. */
async function settlePromises(): Promise<void> {
  for (let round = 0; round < MICROTASKS; round += 1) await Promise.resolve()
}

/** Waits for the runtime itself: storage, cryptography, sockets. */
function settleRuntime(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}

/** A clock that stands still until it is told otherwise; who sleeps on it wakes in order. */
export class SimClock implements Clock {
  #now: Instant
  readonly #sleepers: Sleeper[] = []
  readonly #settle: () => Promise<void>

  /** @param settle lets everything go on that waits for nothing but the program itself */
  constructor(start: Instant, settle: () => Promise<void> = settlePromises) {
    this.#now = start
    this.#settle = settle
  }

  now(): Instant {
    return this.#now
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + Math.ceil(Math.max(0, ms)), wake })
    })
  }

  /** Leaps, forth or back, as a clock that is set does: who sleeps sleeps on for as long as was left. */
  jump(ms: number): void {
    this.#now += ms
    for (const sleeper of this.#sleepers) sleeper.at += ms
  }

  /** Moves on by `ms`, waking each sleeper at its own time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await this.#settle()
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1)
      next.wake()
      await this.#settle()
    }
    this.#now = Math.max(this.#now, until)
  }

  /** Moves on, as far as need be, until `work` is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false
    const finish = () => {
      done = true
    }
    work.then(finish, finish)
    for (;;) {
      await this.#settle()
      if (done) return work
      const next = this.#next(Infinity)
      await (next === null ? settleRuntime() : this.advance(next.at - this.#now))
    }
  }

  #next(until: Instant): Sleeper | null {
    const due = this.#sleepers.filter((each) => each.at <= until)
    return due.toSorted((a, b) => a.at - b.at)[0] ?? null
  }
}
