import {
  type ClaimedTask,
  errorFields,
  SECOND,
  type Services,
  startDueTasks,
  type StartedTask,
  taskHandlers,
  type TaskQueue,
} from '@latchkey/core'

/** How soon a due task is seen. */
const POLL_MS = SECOND / 4
/** The longest pause while the storage does not answer. */
const OUTAGE_POLL_MS = 30 * SECOND
/** Tasks done at once; one that hangs holds up none of the others. */
const TASKS_AT_ONCE = 64

/** So soon another process takes over what a process that died had begun. */
const LEASE_MS = 30 * SECOND
const EXTEND_EVERY_MS = 10 * SECOND

/** Does due tasks until told to stop; resolves when those under way are over. */
export async function pollTasks(
  services: Services,
  queue: TaskQueue,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Map<ClaimedTask, Promise<void>>()
  let failures = 0
  let extendedAt = performance.now()
  while (!signal.aborted || underWay.size > 0) {
    try {
      const limit = signal.aborted ? 0 : TASKS_AT_ONCE - underWay.size
      if (limit > 0) {
        const options = { limit, leaseMs: LEASE_MS }
        const started = await startDueTasks(services, queue, taskHandlers, options)
        for (const each of started) watch(services, underWay, each)
      }
      if (performance.now() - extendedAt >= EXTEND_EVERY_MS) {
        extendedAt = performance.now()
        const leaseUntil = services.clock.now() + LEASE_MS
        await Promise.all([...underWay.keys()].map((task) => queue.extend(task, leaseUntil)))
      }
      failures = 0
    } catch (error) {
      // The storage did not answer; what is due stays due.
      failures += 1
      services.logger.log('error', 'Cannot look for due tasks', errorFields(error))
    }
    // What ends may leave something that is due at once.
    await pause(pauseAfter(failures), signal, [...underWay.values()])
  }
}

function watch(
  services: Services,
  underWay: Map<ClaimedTask, Promise<void>>,
  { task, ended }: StartedTask,
): void {
  const watched = ended
    // Its end could not be stored; the lease ends by itself.
    .catch((error: unknown) => {
      services.logger.log('error', 'Cannot end a task', errorFields(error))
    })
    .finally(() => underWay.delete(task))
  underWay.set(task, watched)
}

/** How long to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(POLL_MS * 2 ** failures, OUTAGE_POLL_MS)
}

/** Waits for a time, or for the first of what is under way to end. */
function pause(ms: number, signal: AbortSignal, underWay: readonly Promise<void>[]): Promise<void> {
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
