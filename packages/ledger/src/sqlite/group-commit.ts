import type { NodeDatabase } from './database.ts'

interface Job {
  /** Does its part inside the transaction; what it throws is undone, and nothing else. */
  readonly run: () => void
  readonly succeed: () => void
  readonly fail: (error: unknown) => void
}

/** Runs something when everything that came at the same time has been asked for. */
export type Schedule = (flush: () => void) => void

export interface GroupCommit {
  /** Runs `body` in a transaction, together with whatever else is asked for in the same turn of the event loop. */
  commit<T>(body: () => T): Promise<T>
  /** Commits what waits, at once. */
  flush(): void
}

/**
 * Puts the writes of one turn of the event loop into one transaction: what a commit costs is the wait for the disk, and
 * many at once then wait for it together. Each is undone by itself where it fails; none is answered before all of it
 * is on the disk.
 */
export function groupCommit(db: NodeDatabase, schedule: Schedule): GroupCommit {
  let waiting: Job[] = []

  const flush = (): void => {
    const jobs = waiting
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
      return
    }
    for (const job of done) job.succeed()
  }

  return {
    flush: () => {
      if (waiting.length > 0) flush()
    },
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
        if (waiting.length === 1) schedule(() => flush())
      }),
  }
}
