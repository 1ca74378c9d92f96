/** Runs something where an object runs. */
export type Enter = (go: () => void) => Promise<unknown>

/**
 * What objects ask of the world outside, such as time or an upstream, done by the test: workerd lets no object go on for
 * another, and what one has sent off arrives though it is killed.
 */
export class Errands {
  readonly #asked: (() => void)[] = []
  /** Errands to be begun, answers to be brought, alarms that have gone off and do not work yet. */
  #moving = 0
  #isAbandoned = false
  readonly #failures: unknown[]

  /** @param failures takes why something could not be brought to whoever asked */
  constructor(failures: unknown[]) {
    this.#failures = failures
  }

  /** Asks from within an object, and waits there. */
  ask<T>(errand: () => Promise<T>, enter: Enter): Promise<T> {
    this.#moving += 1
    return new Promise((resolve, reject) => {
      const bring = (go: () => void) => {
        if (this.#isAbandoned) return
        void this.moves(() => enter(go)).catch((error: unknown) => {
          if (!this.#isAbandoned) this.#failures.push(error)
        })
      }
      this.#asked.push(() => {
        this.#moving -= 1
        errand().then(
          (value) => bring(() => resolve(value)),
          (error: unknown) => bring(() => reject(error)),
        )
      })
    })
  }

  /** Whoever asked is gone: what has begun goes on, and nobody hears of it. */
  abandon(): void {
    this.#isAbandoned = true
  }

  /** Begins what was asked for, from without; whether anything is on its way. */
  begin(): boolean {
    for (const go of this.#asked.splice(0)) go()
    return this.#moving > 0
  }

  /** Is on its way, but for the while in which it `works`. */
  async moves<T>(way: () => Promise<T>): Promise<T> {
    this.#moving += 1
    try {
      return await way()
    } finally {
      this.#moving -= 1
    }
  }

  async works(work: () => Promise<void>): Promise<void> {
    this.#moving -= 1
    try {
      await work()
    } finally {
      this.#moving += 1
    }
  }
}
