import type { NodeDatabase } from './database.ts'

interface Job {
  /** Does its part inside the transaction; what it throws is undone, and nothing else. */
  readonly run: () => void
  readonly succeed: () => void
  readonly fail: (error: unknown) => void
}

/** Runs `flush` when what came at the same time has been asked for. It answers how many that were. */
export type Schedule = (flush: () => number) => void

/**
 * Runs it at once, or, where many came together less than `ms` ago, when that time has passed: many writers then wait
 * for the disk seldom, each time for more. Who writes alone does not wait.
 */
export function spaced(ms: number): Schedule {
  let ranAt = -Infinity
  let ran = 0
  return (flush) => {
    const run = () => {
      ran = flush()
      ranAt = performance.now()
    }
    const left = ranAt + ms - performance.now()
    if (ran > 1 && left > 0) setTimeout(run, left)
    else setImmediate(run)
  }
}

export interface GroupCommit {
  /** Runs `body` in a transaction, together with whatever else is asked for before it is run. */
  commit<T>(body: () => T): Promise<T>
  /** Commits what waits, at once. */
  flush(): void
}

/**
 * Puts the writes of a moment into one transaction: what a commit costs is the wait for the disk, and
 * many at once then wait for it together. Each is undone by itself where it fails; none is answered before all of it
 * is on the disk.
 */
export function groupCommit(db: NodeDatabase, schedule: Schedule): GroupCommit {
  let waiting: Job[] = []

  const flush = (): number => {
    const jobs = waiting
    if (jobs.length === 0) return 0
    waiting = []
    const done: Job[] = []
    try {
      db.transaction(() => {
        for (const job of jobs) {
          try {
            if (jobs.length === 1) job.run()
            else db.part(job.run)
            done.push(job)
          } catch (error) {
            job.fail(error)
            if (jobs.length === 1 || !db.isOpen()) throw error
          }
        }
      })
    } catch (error) {
      // Nothing of the transaction is stored; who has failed already is not told twice.
      for (const job of jobs) job.fail(error)
      return jobs.length
    }
    for (const job of done) job.succeed()
    return jobs.length
  }

  return {
    flush: () => void flush(),
    commit: (body) =>
      new Promise((resolve, reject) => {
        let result: { readonly value: ReturnType<typeof body> } | undefined
        const run = () => {
          result = { value: body() }
        }
        const succeed = () => {
          if (result !== undefined) resolve(result.value)
        }
        waiting.push({ run, succeed, fail: reject })
        if (waiting.length === 1) schedule(flush)
      }),
  }
}
