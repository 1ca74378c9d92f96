import type { AggregateKey } from '@latchkey/core'
import type { Decide } from '../sql/decide.ts'
import type { PartitionStore } from './partition-store.ts'

interface Job {
  /** Decides and writes; answers what tells whoever waits for it. */
  readonly run: () => () => void
  readonly fail: (error: unknown) => void
}

export interface GroupedWrites {
  mutate<S, R>(key: AggregateKey, decide: Decide<S, R>): Promise<R>
  /** Commits what waits, at once. */
  flush(): void
}

/** No timer is that late: its turn was cut off. */
const LOST_AFTER_MS = 1_000

/**
 * Puts the commits of `ms` into one step of the storage, which costs as much for many as for one: each page is
 * written once, and the disk waited for once.
 * @param told runs after a commit that lists or events show
 */
export function groupedWrites(
  store: Pick<PartitionStore, 'mutate' | 'together'>,
  ms: number,
  told: () => void,
): GroupedWrites {
  let waiting: Job[] = []
  let setAt = 0

  const setTimer = (): void => {
    const now = Date.now()
    if (waiting.length > 1 && Math.abs(now - setAt) < LOST_AFTER_MS) return
    setAt = now
    setTimeout(flush, ms)
  }

  const flush = (): void => {
    const jobs = waiting
    waiting = []
    if (jobs.length > 1 && allTogether(jobs)) return
    for (const { run, fail } of jobs) {
      try {
        run()()
      } catch (error) {
        fail(error)
      }
    }
  }

  /** False: one of them fails, and nothing was written. Then each has to be decided by itself. */
  const allTogether = (jobs: readonly Job[]): boolean => {
    let answers: readonly (() => void)[]
    try {
      answers = store.together(() => jobs.map(({ run }) => run()))
    } catch {
      return false
    }
    for (const answer of answers) answer()
    return true
  }

  return {
    mutate: (key, decide) =>
      new Promise((resolve, reject) => {
        const run = () => {
          const { result, isPublic } = store.mutate(key, decide)
          return () => {
            if (isPublic) told()
            resolve(result)
          }
        }
        waiting.push({ run, fail: reject })
        setTimer()
      }),
    flush,
  }
}
