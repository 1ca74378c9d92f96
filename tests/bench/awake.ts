import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** They end by themselves, should whoever started them not come to it. */
const AT_MOST_MS = 300_000
const SPIN = `const parent = process.ppid, end = Date.now() + ${AT_MOST_MS}
while (Date.now() < end && process.ppid === parent) continue`

/**
 * Keeps the processors from going to sleep while something is timed: to wake one costs tens of microseconds on a virtual
 * machine, at every hand-over from one process to another, which is no property of what is timed. What keeps them awake
 * runs only where nothing else wants to (SCHED_IDLE, sched(7)).
 */
export async function awake<T>(say: (line: string) => void, time: () => Promise<T>): Promise<T> {
  const spinners = Array.from({ length: availableParallelism() }, () =>
    spawn('chrt', ['--idle', '0', process.execPath, '-e', SPIN], { stdio: 'ignore' }),
  )
  const started = await Promise.allSettled(spinners.map((spinner) => once(spinner, 'spawn')))
  if (started.some(({ status }) => status === 'rejected')) {
    say('chrt is not here: the processors may go to sleep meanwhile')
  }
  try {
    return await time()
  } finally {
    for (const spinner of spinners) spinner.kill()
  }
}
