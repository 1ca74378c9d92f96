import {
  errorFields,
  SECOND,
  type Services,
  startDueTasks,
  taskHandlers,
  type TaskQueue,
} from '@latchkey/core'

/** How soon a due task is seen. */
const POLL_MS = SECOND / 4
/** The longest pause while the storage does not answer. */
const OUTAGE_POLL_MS = 30 * SECOND
/** Tasks done at once; one that hangs holds up none of the others. */
const TASKS_AT_ONCE = 64

/** Does due tasks until told to stop; resolves when those under way are over. */
export async function pollTasks(
  services: Services,
  queue: TaskQueue,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let failures = 0
  while (!signal.aborted) {
    try {
      const limit = TASKS_AT_ONCE - underWay.size
      const started = await startDueTasks(services, queue, taskHandlers, { limit })
      for (const task of started) watch(services, underWay, task)
      failures = 0
    } catch (error) {
      // The storage did not answer; what is due stays due.
      failures += 1
      services.logger.log('error', 'Cannot look for due tasks', errorFields(error))
    }
    if (underWay.size === TASKS_AT_ONCE) await Promise.race(underWay)
    // What ends may leave something that is due at once.
    else await pause(pauseAfter(failures), signal, underWay)
  }
  await Promise.all(underWay)
}

function watch(services: Services, underWay: Set<Promise<void>>, task: Promise<void>): void {
  const watched = task
    // Its end could not be stored; the lease ends by itself.
    .catch((error: unknown) => {
      services.logger.log('error', 'Cannot end a task', errorFields(error))
    })
    .finally(() => underWay.delete(watched))
  underWay.add(watched)
}

/** How long to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(POLL_MS * 2 ** failures, OUTAGE_POLL_MS)
}

/** Waits for a time, or for the first of what is under way to end. */
function pause(
  ms: number,
  signal: AbortSignal,
  underWay: ReadonlySet<Promise<void>>,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      // The signal lives as long as the process: a listener for each pause would fill the memory.
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    for (const task of underWay) void task.then(end)
  })
}
